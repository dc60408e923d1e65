// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of one lab: it answers the requests of callers in turn, and does a round when it was woken and none waits. Any thread may
 * make a request, wake it or end it; what is said to be for the lab's thread is called by requests and rounds alone.
 */
final class LabThread {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.lab");
    private static final int REQUESTS_MAX = 64;
    private static final Duration END_LIMIT = Duration.ofSeconds(20);

    private final String lab;
    private final BlockingQueue<Runnable> requests = new ArrayBlockingQueue<>(REQUESTS_MAX);
    /** Has permits while something is to be looked at, or a request waits. */
    private final Semaphore woken = new Semaphore(1);

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean ending;

    /**
     * Creates it.
     *
     * @param round does a round, and returns after which time the next one is due if nothing is heard
     * @param last called when the thread ends
     */
    LabThread(String lab, Supplier<Duration> round, Runnable last) {
        this.lab = lab;
        thread = new Thread(() -> run(round, last), "op-dbus-lab-" + lab);
        thread.setDaemon(true);
    }

    void begin() {
        thread.start();
    }

    /** There may be something to do. */
    void wake() {
        if (woken.availablePermits() == 0) {
            woken.release();
        }
    }

    /** Ends the thread after what it does at the moment. */
    void end() {
        ending = true;
        wake();
    }

    boolean isEnding() {
        return ending;
    }

    /** Waits until the thread has ended, but not for ever. */
    void awaitEnd() {
        try {
            if (!ended.await(END_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Forgets that it was woken: a look follows. For the lab's thread. */
    void look() {
        woken.drainPermits();
    }

    /** Waits so long, or until it is woken. For the lab's thread. */
    void pause(Duration time) throws InterruptedException {
        if (woken.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS)) {
            woken.drainPermits();
        }
    }

    private void run(Supplier<Duration> round, Runnable last) {
        try {
            while (!ending) {
                Runnable request = requests.poll();
                if (request != null) {
                    request.run();
                } else {
                    pause(round.get());
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("lab={} its thread was interrupted and ends", lab);
        } finally {
            ending = true;
            last.run();
            ended.countDown();
            for (Runnable left = requests.poll(); left != null; left = requests.poll()) {
                left.run();
            }
        }
    }

    /** Does a task on this thread when its turn has come. */
    <T> Single<T> request(Callable<T> task) {
        return Single.create(emitter -> {
            boolean taken = requests.offer(() -> {
                try {
                    if (ending) {
                        throw stopped();
                    }
                    emitter.onSuccess(task.call());
                } catch (Exception | Error failure) {
                    emitter.tryOnError(failure);
                }
            });
            if (!taken) {
                emitter.tryOnError(new LabRefusal(
                        REQUESTS_MAX + " changes of the lab " + lab + " wait already",
                        "try again when some of them are done"));
            } else if (ended.getCount() == 0) {
                emitter.tryOnError(stopped());
            }
            wake();
        });
    }

    private LabRefusal stopped() {
        return new LabRefusal("the lab " + lab + " was stopped", "start it: op-dbus lab " + lab + " start");
    }
}
