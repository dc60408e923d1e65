// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.opdbus.verticles.files.WriteWatch;
import org.opdbus.verticles.membership.trust.MembershipException;

/** Reports writes in the folders of the cluster's files, on a thread of its own, until it is closed. */
final class FolderWatch implements AutoCloseable {
    private final WriteWatch watch;

    private FolderWatch(WriteWatch watch) {
        this.watch = watch;
    }

    /** Begins to watch those of the folders that exist. */
    static FolderWatch of(Set<Path> folders, Runnable written) {
        try {
            return new FolderWatch(WriteWatch.of(
                    "op-dbus-cluster-files",
                    folders.stream().filter(Files::isDirectory).toList(),
                    anything -> true,
                    written));
        } catch (IOException e) {
            throw new MembershipException(
                    MembershipException.Reason.FILE, "cannot watch " + folders + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
