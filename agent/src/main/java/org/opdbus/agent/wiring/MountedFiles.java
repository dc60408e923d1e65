// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Context;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.opdbus.config.FuseConfig;
import org.opdbus.verticles.dbus.work.HostWork;
import org.opdbus.verticles.edges.BridgeWork;
import org.opdbus.verticles.fuse.FuseVerticle;
import org.opdbus.verticles.fuse.MountOptions;
import org.opdbus.verticles.fuse.host.HostTree;
import org.opdbus.verticles.fuse.write.AttributedWrites;
import org.opdbus.verticles.fuse.write.Writes;
import org.opdbus.verticles.ovsdb.OvsdbOptions;
import org.opdbus.verticles.ovsdb.rows.RowSource;
import org.opdbus.verticles.state.policy.NamedContainers;

/** Joins the files that are mounted to the rest of the agent. Its classes are loaded only if something is mounted. */
final class MountedFiles implements FuseVerticle.Parts, Writes.Work {
    private static final String DATABASE = "Open_vSwitch";
    private static final String SOURCE = "desired.json";

    private final Deployment.Frame frame;
    private final CallerWork work;
    private final BridgeWork bridges;
    private final MountOptions options;

    /**
     * Joins the files of one mount.
     *
     * @param work what is done for those who write
     * @param bridges changes rows of Open vSwitch
     */
    MountedFiles(Deployment.Frame frame, CallerWork work, BridgeWork bridges, MountOptions options) {
        this.frame = frame;
        this.work = work;
        this.bridges = bridges;
        this.options = options;
    }

    /** Returns what the configuration says about the folder. */
    static MountOptions configured(Path folder, FuseConfig config) {
        return new MountOptions(folder, config.readers(), config.writable());
    }

    /** Returns the verticle of an agent, which mounts when it can. */
    FuseVerticle trying() {
        return FuseVerticle.trying(options, this);
    }

    /** Returns the verticle of a command that mounts. */
    FuseVerticle required() {
        return FuseVerticle.required(options, this);
    }

    @Override
    public HostTree tree(Context context) {
        Clock clock = Clock.systemUTC();
        RowSource rows =
                new RowSource(context, OvsdbOptions.of(frame.config().ovsdb().socket()), RowSource.TABLES);
        Path ledger = frame.config().ledger().dir();
        Optional<Writes> writes = options.writable()
                ? Optional.of(new Writes(this, new AttributedWrites(context.owner(), frame.bus()), clock))
                : Optional.empty();
        return new HostTree(
                new HostTree.Sources(
                        rows,
                        frame.inventory()::changes,
                        Files.isDirectory(ledger) ? Optional.of(ledger) : Optional.empty(),
                        Optional.of(NamedContainers.recordFile(frame.config())),
                        writes),
                clock);
    }

    @Override
    public Single<String> transact(String operations) {
        return bridges.transact(DATABASE, operations);
    }

    @Override
    public Single<Writes.Report> apply(String state) {
        return work.apply(new HostWork.DesiredText(SOURCE, state), new HostWork.Wish(false, false), line -> {})
                .map(report -> new Writes.Report(report.json(), report.failures()));
    }
}
