// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs work on a guest's files and waits for it no longer than a limit.
 *
 * <p>A guest can mount a file system that one of its own programs serves (FUSE, NFS). The kernel then makes a read of
 * its files wait for that program, and Java cannot interrupt that. So the work runs on a thread of its own. If it
 * exceeds the limit, the caller continues with an exception, and further work on the same guest is refused at once
 * until the kernel releases that thread, at the latest when the guest ends. Other guests are not affected.
 *
 * <p>Any thread that may block for the limit may use it. The whole process shares the threads, because their maximum
 * is a limit of the process; without work there are none.
 */
public final class GuestDeadline {
    /** Far longer than a loaded disk takes for three small files. */
    public static final Duration LIMIT = Duration.ofSeconds(2);

    private static final int THREADS_MAX = 64;
    private static final int IDLE_S = 10;
    private static final ThreadPoolExecutor THREADS = threads();
    /** The guests whose work has exceeded its limit and still runs. */
    private static final Map<String, CompletableFuture<?>> HANGING = new ConcurrentHashMap<>();

    private GuestDeadline() {}

    /**
     * Returns or throws what the work returns or throws.
     *
     * @param guest identifies the guest, in the same way for each work on it: the path of its root
     * @throws IOException also if the work takes longer than the limit, if earlier work on this guest still runs, or
     * if 64 other guests block one thread each
     */
    public static <T> T within(Duration limit, String guest, Callable<T> work) throws IOException {
        if (HANGING.containsKey(guest)) {
            throw new IOException("the files below " + guest + " still do not answer");
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        try {
            THREADS.execute(() -> run(guest, work, result));
            return result.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException full) {
            throw new IOException("the files of " + THREADS_MAX + " other guests do not answer", full);
        } catch (TimeoutException slow) {
            HANGING.put(guest, result);
            if (result.isDone()) {
                HANGING.remove(guest, result);
            }
            throw new IOException(
                    "the files below " + guest + " do not answer within " + limit.toMillis() + " ms", slow);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading files below " + guest);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException refused) {
                throw refused;
            }
            throw new IllegalStateException("work on the files below " + guest + " failed", failed.getCause());
        }
    }

    private static <T> void run(String guest, Callable<T> work, CompletableFuture<T> result) {
        try {
            result.complete(work.call());
        } catch (Throwable failure) {
            result.completeExceptionally(failure);
        }
        // Either this or the look at the result above comes last.
        HANGING.remove(guest, result);
    }

    private static ThreadPoolExecutor threads() {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(0, THREADS_MAX, IDLE_S, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
            Thread thread = new Thread(work, "op-dbus-guest-files-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }
}
