// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.vertx.core.Context;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.opdbus.verticles.fuse.FuseVerticle;
import org.opdbus.verticles.fuse.MountOptions;
import org.opdbus.verticles.fuse.host.HostTree;
import org.opdbus.verticles.ovsdb.OvsdbOptions;
import org.opdbus.verticles.ovsdb.rows.RowSource;

/** Joins the files that are mounted to the rest of the agent. Its classes are loaded only if something is mounted. */
final class MountedFiles implements FuseVerticle.Parts {
    private final Deployment.Frame frame;

    private MountedFiles(Deployment.Frame frame) {
        this.frame = frame;
    }

    /** Returns the verticle that mounts on the folder of the configuration. */
    static FuseVerticle configured(Deployment.Frame frame, Path folder) {
        MountOptions options = new MountOptions(folder, frame.config().fuse().readers(), false);
        return FuseVerticle.trying(options, new MountedFiles(frame));
    }

    /** Returns the verticle of a command that mounts. */
    static FuseVerticle asked(Deployment.Frame frame, MountOptions options) {
        return FuseVerticle.required(options, new MountedFiles(frame));
    }

    @Override
    public HostTree tree(Context context) {
        RowSource rows =
                new RowSource(context, OvsdbOptions.of(frame.config().ovsdb().socket()), RowSource.TABLES);
        Path ledger = frame.config().ledger().dir();
        return new HostTree(
                new HostTree.Sources(
                        rows,
                        frame.inventory()::changes,
                        Files.isDirectory(ledger) ? Optional.of(ledger) : Optional.empty()),
                Clock.systemUTC());
    }
}
