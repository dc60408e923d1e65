// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.enroll.netmaker.NetmakerOptions.Times;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is left behind on servers, again and again, with growing pauses, until nothing is. Belongs to the thread of
 * its scheduler.
 */
final class ServerCleanup {
    private static final int DOUBLINGS_MAX = 8;
    private static final Logger LOG = LoggerFactory.getLogger(ServerCleanup.class);

    private final Single<Boolean> attempt;
    private final Scheduler scheduler;
    private final Times times;
    private Disposable work = Disposable.disposed();
    private Disposable pause = Disposable.disposed();
    private boolean again;
    private int failures;

    /**
     * A cleaning that has not begun.
     *
     * @param attempt says whether nothing is left
     */
    ServerCleanup(Single<Boolean> attempt, Scheduler scheduler, Times times) {
        this.attempt = attempt;
        this.scheduler = scheduler;
        this.times = times;
    }

    /** Begins at once, because something is left behind. */
    void begin() {
        if (!work.isDisposed()) {
            again = true;
            return;
        }
        pause.dispose();
        again = false;
        work = attempt.observeOn(scheduler)
                .subscribe(
                        this::ended, defect -> LOG.error("what is left behind on servers cannot be removed", defect));
    }

    private void ended(boolean done) {
        failures = done ? 0 : failures + 1;
        if (again || !done) {
            pause = scheduler.scheduleDirect(this::begin, again ? 1 : pauseMs(), TimeUnit.MILLISECONDS);
        }
    }

    private long pauseMs() {
        long full = times.retryFirst().toMillis() << Math.min(DOUBLINGS_MAX, failures - 1);
        return full / 2 + ThreadLocalRandom.current().nextLong(full / 2 + 1) + 1;
    }

    /** Leaves what is left to the next run of the agent. */
    void end() {
        work.dispose();
        pause.dispose();
    }
}
