// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.opdbus.verticles.fuse.tree.FileTree;
import org.opdbus.verticles.limits.Backoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a tree mounted until it is closed or an administrator unmounts it. Has one thread. If mounting fails, or the kernel ends
 * the connection, it says so once and tries again with growing delays.
 */
public final class KeptMount implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KeptMount.class);
    private static final Backoff BACKOFF = new Backoff(1_000, 60_000);
    /** A mount that lasted for less has failed again. */
    private static final Duration STEADY = Duration.ofMinutes(1);

    private static final long END_LIMIT_S = 10;

    private final FileTree tree;
    private final MountOptions options;
    private final CompletableFuture<Void> closing = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    /** Belongs to the thread, as the next one does. */
    private Optional<GuardedMount> mounted = Optional.empty();

    private int failures;

    public KeptMount(FileTree tree, MountOptions options) {
        this.tree = tree;
        this.options = options;
    }

    /** Begins, and does not wait for the mount. */
    public void start() {
        Thread thread = new Thread(this::keep, "op-dbus-mount");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Mounts, and returns when the tree can be read; then keeps it mounted as {@link #start} does.
     *
     * @throws IOException with a remedy, if it cannot be mounted; then nothing goes on
     */
    public void startMounted() throws IOException {
        mounted = Optional.of(GuardedMount.mount(tree, options));
        start();
    }

    /** Completes when nothing is mounted any longer and nothing will be. */
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    private void keep() {
        try {
            while (!closing.isDone() && keepOnce()) {
                await(BACKOFF.delayMs(failures));
            }
        } finally {
            ended.complete(null);
        }
    }

    /** Mounts and waits for the end; returns whether to mount again. */
    private boolean keepOnce() {
        try {
            GuardedMount now = mounted.isPresent() ? mounted.get() : GuardedMount.mount(tree, options);
            mounted = Optional.empty();
            LOG.info("fuse=mounted: {}", options.folder());
            long since = System.nanoTime();
            CompletableFuture.anyOf(closing, now.ended()).join();
            boolean wasVisible = now.close();
            if (closing.isDone() || !wasVisible) {
                LOG.info("fuse=unmounted: {}{}", options.folder(), closing.isDone() ? "" : ", by hand");
                return false;
            }
            failures = System.nanoTime() - since > STEADY.toNanos() ? 1 : failures + 1;
            LOG.warn(
                    "fuse=ended: {}: {}; it is mounted anew",
                    options.folder(),
                    now.failure()
                            .orElse(
                                    "the kernel ended the connection, as it does if no request is answered for too long"));
        } catch (IOException e) {
            failures++;
            if (failures == 1) {
                LOG.warn("fuse=absent: {}; the agent tries again, and everything else goes on", e.getMessage());
            }
        }
        return true;
    }

    private void await(long ms) {
        try {
            closing.get(ms, TimeUnit.MILLISECONDS);
        } catch (TimeoutException again) {
            LOG.debug("mounting on {} again", options.folder());
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("this future never fails", impossible);
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
            closing.complete(null);
        }
    }

    /** Unmounts, even if files are open, and waits for that; for the caller of {@link #start} alone. */
    @Override
    public void close() {
        closing.complete(null);
        try {
            ended.get(END_LIMIT_S, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException late) {
            LOG.warn("fuse=remains: {} was not unmounted in time", options.folder());
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }
}
