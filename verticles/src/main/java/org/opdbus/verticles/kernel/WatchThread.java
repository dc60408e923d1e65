// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.subjects.CompletableSubject;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.limits.Backoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that watches until it is stopped. When watching ends early, the thread begins again after a pause that grows with
 * each failure in a row. It does not keep the process alive. Safe for use by any thread.
 */
public final class WatchThread {
    private static final Logger LOG = LoggerFactory.getLogger(WatchThread.class);
    private static final Backoff RETRY = new Backoff(200, 30_000);

    private final Runnable watch;
    private final Runnable wake;
    private final CompletableSubject armed = CompletableSubject.create();
    private final CompletableSubject ended = CompletableSubject.create();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;

    /**
     * @param watch watches on the thread until {@link #isStopping()} or a failure, which it handles itself; it calls {@link
     *     #arm()} once the caller of {@link #start()} need not wait any longer
     * @param wake makes {@code watch} look at {@link #isStopping()} soon; it does nothing if {@code watch} is not running
     */
    public WatchThread(String name, Runnable watch, Runnable wake) {
        this.watch = watch;
        this.wake = wake;
        thread = new Thread(this::watchUntilStopped, name);
        thread.setDaemon(true);
    }

    /** Begins to watch; complete when the watch is armed, or has failed for the first time. */
    public Completable start() {
        return armed.doOnSubscribe(subscription -> thread.start());
    }

    /** Ends the watch; complete when the thread has left it. */
    public Completable stop() {
        return Completable.defer(() -> {
            stopping.countDown();
            wake.run();
            return thread.isAlive() ? ended : Completable.complete();
        });
    }

    /** Completes what {@link #start()} returned. */
    public void arm() {
        armed.onComplete();
    }

    public boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void watchUntilStopped() {
        int failures = 0;
        try {
            while (!isStopping()) {
                long began = System.nanoTime();
                watch.run();
                boolean lasted = System.nanoTime() - began > TimeUnit.MILLISECONDS.toNanos(RETRY.lastMs());
                failures = lasted ? 1 : failures + 1;
                stopping.await(RETRY.delayMs(failures), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            LOG.warn("the thread {} was interrupted and ends; restart the agent", thread.getName());
        } finally {
            armed.onComplete();
            ended.onComplete();
        }
    }
}
