// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.files;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports writes in a few folders, on a thread of its own, until it is closed. */
public final class WriteWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus");
    /** Several files are written at once, or one in several steps; only the last write counts. */
    private static final long QUIET_MS = 300;

    private final WatchService watches;
    private final Predicate<WatchEvent<?>> relevant;
    private final Runnable written;

    private WriteWatch(WatchService watches, Predicate<WatchEvent<?>> relevant, Runnable written) {
        this.watches = watches;
        this.relevant = relevant;
        this.written = written;
    }

    /**
     * Begins to watch.
     *
     * @param thread the name of the thread
     * @param folders the folders, which exist
     * @param relevant which events are reported; lost events are always
     */
    public static WriteWatch of(
            String thread, Collection<Path> folders, Predicate<WatchEvent<?>> relevant, Runnable written)
            throws IOException {
        WatchService watches = FileSystems.getDefault().newWatchService();
        for (Path folder : folders) {
            folder.register(
                    watches,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
        }
        WriteWatch watch = new WriteWatch(watches, relevant, written);
        Thread running = new Thread(watch::run, thread);
        running.setDaemon(true);
        running.start();
        return watch;
    }

    private void run() {
        try {
            while (true) {
                boolean isRelevant = false;
                WatchKey key = watches.take();
                while (key != null) {
                    isRelevant |= isRelevant(key);
                    key = watches.poll(QUIET_MS, TimeUnit.MILLISECONDS);
                }
                if (isRelevant) {
                    written.run();
                }
            }
        } catch (ClosedWatchServiceException closed) {
            LOG.debug("{} ends", Thread.currentThread().getName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isRelevant(WatchKey key) {
        boolean isRelevant = false;
        for (WatchEvent<?> event : key.pollEvents()) {
            isRelevant |= event.kind() == StandardWatchEventKinds.OVERFLOW || relevant.test(event);
        }
        if (!key.reset()) {
            LOG.warn(
                    "the folder {} no longer exists: the agent does not notice writes in it any more", key.watchable());
        }
        return isRelevant;
    }

    @Override
    public void close() {
        try {
            watches.close();
        } catch (IOException e) {
            LOG.warn("cannot end the watch of files: {}", e.toString());
        }
    }
}
