// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports writes in a few folders, on a thread of its own, until it is closed. */
final class FolderWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    /** A command writes several files; only the last write counts. */
    private static final long QUIET_MS = 200;

    private final WatchService watches;
    private final Runnable written;

    private FolderWatch(WatchService watches, Runnable written) {
        this.watches = watches;
        this.written = written;
    }

    /** Begins to watch those of the folders that exist. */
    static FolderWatch of(Set<Path> folders, Runnable written) {
        try {
            WatchService watches = Path.of("/").getFileSystem().newWatchService();
            for (Path folder : folders) {
                if (Files.isDirectory(folder)) {
                    folder.register(
                            watches,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_DELETE);
                }
            }
            FolderWatch watch = new FolderWatch(watches, written);
            Thread thread = new Thread(watch::run, "op-dbus-cluster-files");
            thread.setDaemon(true);
            thread.start();
            return watch;
        } catch (IOException e) {
            throw new MembershipException(
                    MembershipException.Reason.FILE, "cannot watch " + folders + ": " + e.getMessage(), e);
        }
    }

    private void run() {
        try {
            while (true) {
                WatchKey key = watches.take();
                while (key != null) {
                    key.pollEvents();
                    key.reset();
                    key = watches.poll(QUIET_MS, TimeUnit.MILLISECONDS);
                }
                written.run();
            }
        } catch (ClosedWatchServiceException closed) {
            LOG.debug("the files of the cluster are no longer watched");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            watches.close();
        } catch (IOException e) {
            LOG.warn("cannot end the watch of the files of the cluster: {}", e.toString());
        }
    }
}
