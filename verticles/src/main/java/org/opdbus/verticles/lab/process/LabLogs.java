// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.kernel.Inotify;
import org.opdbus.verticles.kernel.Inotify.Happening;
import org.opdbus.verticles.kernel.Poller;
import org.opdbus.verticles.kernel.WatchThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the logs of labs short: {@code /run} is memory. A log that grows beyond the limit begins anew; its process appends, so it
 * goes on at the new end. The kernel tells each write. Any thread may call it.
 */
final class LabLogs implements AutoCloseable {
    /** How long a log can become, but for what is written before the agent hears of it. */
    static final long BYTES_MAX = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(LabLogs.class);
    private static final String SUFFIX = ".log";
    private static final int MODIFY = 0x2;
    private static final long LONG_MS = Integer.MAX_VALUE;

    private final Set<Path> wanted = ConcurrentHashMap.newKeySet();
    private final WatchThread thread = new WatchThread("op-dbus-lab-logs", this::watch, this::wake);
    private volatile @Nullable Poller waiting;

    void start() {
        thread.start().subscribe();
    }

    /** Keeps the logs in a folder short as long as the folder exists. */
    void watch(Path folder) {
        if (wanted.add(folder)) {
            wake();
        }
    }

    private void wake() {
        Poller poller = waiting;
        if (poller != null) {
            poller.wake();
        }
    }

    private void watch() {
        try (Poller poller = new Poller();
                Inotify inotify = new Inotify()) {
            waiting = poller;
            thread.arm();
            Map<Integer, Path> folders = new ConcurrentHashMap<>();
            poller.watch(inotify.fd(), () -> inotify.read().forEach(happening -> take(happening, folders)));
            while (!thread.isStopping()) {
                for (Path folder : wanted) {
                    add(inotify, folder, folders);
                }
                poller.await(LONG_MS);
            }
        } catch (IOException e) {
            LOG.warn("the logs of labs cannot be watched, which is tried again: {}", e.getMessage());
        } finally {
            waiting = null;
        }
    }

    private void add(Inotify inotify, Path folder, Map<Integer, Path> folders) throws IOException {
        if (folders.containsValue(folder)) {
            return;
        }
        OptionalInt watch = inotify.watch(folder.toString(), MODIFY | Inotify.DELETE_SELF);
        if (watch.isPresent()) {
            folders.put(watch.getAsInt(), folder);
        } else {
            wanted.remove(folder);
        }
    }

    private void take(Happening happening, Map<Integer, Path> folders) {
        Path folder = folders.get(happening.watch());
        if (folder == null) {
            return;
        }
        if (happening.is(Inotify.IGNORED)) {
            // If there is a new folder of that name, it is watched next.
            folders.remove(happening.watch());
        } else if (happening.name().endsWith(SUFFIX)) {
            shorten(folder.resolve(happening.name()));
        }
    }

    private static void shorten(Path log) {
        try {
            if (Files.isRegularFile(log, LinkOption.NOFOLLOW_LINKS) && Files.size(log) > BYTES_MAX) {
                FileChannel.open(log, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)
                        .truncate(0)
                        .close();
                LOG.info("log={} was longer than {} bytes and begins anew", log, BYTES_MAX);
            }
        } catch (IOException gone) {
            LOG.debug("log={} could not be shortened", log, gone);
        }
    }

    @Override
    public void close() {
        thread.stop().subscribe();
    }
}
