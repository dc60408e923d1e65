// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state.reload;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports writes of the state file, on a thread of its own, until it is closed. */
public final class StateFileWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus");
    /** An editor writes a file in several steps; only the last write counts. */
    private static final long QUIET_MS = 300;

    private final WatchService watches;
    private final Path name;
    private final Runnable written;

    private StateFileWatch(WatchService watches, Path name, Runnable written) {
        this.watches = watches;
        this.name = name;
        this.written = written;
    }

    /** Begins to watch. The folder must exist, the file need not. */
    public static StateFileWatch of(Path file, Runnable written) throws IOException {
        Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file is in a folder");
        WatchService watches = folder.getFileSystem().newWatchService();
        folder.register(watches, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
        StateFileWatch watch = new StateFileWatch(watches, Objects.requireNonNull(file.getFileName()), written);
        Thread thread = new Thread(watch::run, "op-dbus-state-file");
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    private void run() {
        try {
            while (true) {
                boolean concerned = isConcerned(watches.take());
                Optional<WatchKey> more = next();
                while (more.isPresent()) {
                    concerned |= isConcerned(more.get());
                    more = next();
                }
                if (concerned) {
                    LOG.info("the state file was written; the agent applies it");
                    written.run();
                }
            }
        } catch (ClosedWatchServiceException closed) {
            LOG.debug("the state file is no longer watched");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<WatchKey> next() throws InterruptedException {
        return Optional.ofNullable(watches.poll(QUIET_MS, TimeUnit.MILLISECONDS));
    }

    /** Returns whether the event concerns the file, or may concern it because events were lost. */
    private boolean isConcerned(WatchKey key) {
        boolean concerned = false;
        for (WatchEvent<?> event : key.pollEvents()) {
            concerned |= event.kind() == StandardWatchEventKinds.OVERFLOW || name.equals(event.context());
        }
        if (!key.reset()) {
            LOG.warn("the folder of the state file no longer exists: the agent does not notice "
                    + "writes of the file any more; SIGHUP applies it");
        }
        return concerned;
    }

    @Override
    public void close() {
        try {
            watches.close();
        } catch (IOException e) {
            LOG.warn("cannot end the watch of the state file: {}", e.toString());
        }
    }
}
