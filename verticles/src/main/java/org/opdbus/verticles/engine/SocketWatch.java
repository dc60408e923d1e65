// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import io.reactivex.rxjava3.core.Completable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.kernel.FolderChain;
import org.opdbus.verticles.kernel.Inotify;
import org.opdbus.verticles.kernel.Inotify.Happening;
import org.opdbus.verticles.kernel.Poller;
import org.opdbus.verticles.kernel.WatchThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when a socket is made, which may be in a folder that does not exist yet: an engine that is started or restarted makes its
 * socket anew. A thread waits in inotify(7) for that. Safe for use by any thread.
 */
final class SocketWatch {
    private static final Logger LOG = LoggerFactory.getLogger(SocketWatch.class);
    private static final int MADE = Inotify.CREATE | Inotify.MOVED_TO;
    private static final long FOREVER_MS = TimeUnit.HOURS.toMillis(1);

    private final Path socket;
    private final Runnable made;
    private final WatchThread thread;
    private volatile @Nullable Poller waiting;
    private boolean failureSaid;

    /**
     * @param made called on the watching thread when the socket, or a folder on the way to it, was made; it may be called without
     *     cause
     */
    SocketWatch(String name, Path socket, Runnable made) {
        this.socket = socket;
        this.made = made;
        thread = new WatchThread(name, this::watch, this::wake);
    }

    /** Completes when the folder is watched, or cannot be. */
    Completable start() {
        return thread.start();
    }

    /** Completes when the thread has ended. */
    Completable stop() {
        return thread.stop();
    }

    private void wake() {
        Poller poller = waiting;
        if (poller != null) {
            poller.wake();
        }
    }

    private void watch() {
        Path folder = socket.toAbsolutePath().getParent();
        try (Poller poller = new Poller();
                Inotify inotify = new Inotify()) {
            FolderChain chain = new FolderChain(inotify, folder == null ? Path.of("/") : folder, MADE);
            chain.watch();
            poller.watch(inotify.fd(), () -> look(inotify, chain));
            waiting = poller;
            thread.arm();
            // It may have been made before its folder was watched.
            made.run();
            while (!thread.isStopping()) {
                poller.await(FOREVER_MS);
            }
        } catch (IOException | WatchException e) {
            if (!failureSaid) {
                failureSaid = true;
                LOG.warn("cannot watch for the socket {}, looking for it now and then: {}", socket, e.getMessage());
            }
            thread.arm();
        } finally {
            waiting = null;
        }
    }

    private void look(Inotify inotify, FolderChain chain) {
        boolean folders = false;
        boolean maybe = false;
        for (Happening happening : inotify.read()) {
            boolean lost = happening.is(Inotify.OVERFLOW);
            boolean inside = chain.isInside(happening);
            folders |= lost || (!inside && chain.concerns(happening));
            maybe |= inside && happening.name().equals(String.valueOf(socket.getFileName()));
        }
        if (folders) {
            try {
                chain.watch();
            } catch (IOException e) {
                throw new WatchException(e);
            }
        }
        if (folders || maybe) {
            made.run();
        }
    }

    /** Carries a failure out of the poller. */
    private static final class WatchException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        WatchException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
