// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.enroll.netmaker.plan.MeshTimes;
import org.opdbus.verticles.limits.Backoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is left behind on servers, with growing pauses between the attempts, until nothing is left. Belongs to the
 * thread of its scheduler.
 */
final class ServerCleanup {
    private static final int LONGEST_PAUSE = 256;
    private static final Logger LOG = LoggerFactory.getLogger(ServerCleanup.class);

    private final Single<Boolean> attempt;
    private final Scheduler scheduler;
    private final Backoff backoff;
    private Disposable work = Disposable.disposed();
    private Disposable pause = Disposable.disposed();
    private boolean again;
    private int failures;

    /**
     * A cleaning that has not begun.
     *
     * @param attempt says whether nothing is left
     */
    ServerCleanup(Single<Boolean> attempt, Scheduler scheduler, MeshTimes times) {
        this.attempt = attempt;
        this.scheduler = scheduler;
        long first = times.retryFirst().toMillis();
        backoff = new Backoff(first, first * LONGEST_PAUSE);
    }

    /** Begins at once, because a host or a key is left behind. */
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
            pause = scheduler.scheduleDirect(this::begin, again ? 1 : backoff.delayMs(failures), TimeUnit.MILLISECONDS);
        }
    }

    /** Leaves what is left to the next run of the agent. */
    void end() {
        work.dispose();
        pause.dispose();
    }
}
