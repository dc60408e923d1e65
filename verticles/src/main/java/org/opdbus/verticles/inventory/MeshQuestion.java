// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.SerialDisposable;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.limits.Backoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for the mesh status of the containers: one question at a time, and one more afterwards if a caller wanted it in the
 * meantime. After a failure it asks again with a growing delay. For the scheduler's thread only.
 */
final class MeshQuestion {
    private static final Logger LOG = LoggerFactory.getLogger(MeshQuestion.class);

    /** The delay that joins changes of many containers into one question. */
    static final Duration SETTLE = Duration.ofMillis(20);

    static final Duration LIMIT = Duration.ofSeconds(10);

    /** The interval of the safety net: this finds changes that no event has reported. */
    static final Duration RESYNC = Duration.ofSeconds(60);

    private static final Backoff BACKOFF = new Backoff(200, 30_000);

    private final Supplier<Single<Map<ContainerId, MeshMembership>>> meshes;
    private final Consumer<Map<ContainerId, MeshMembership>> answered;
    private final Scheduler scheduler;
    private final SerialDisposable asking = new SerialDisposable();
    private final CompositeDisposable inHand = new CompositeDisposable(asking);

    private boolean underWay;
    private boolean wantedAgain;
    private int failures;

    MeshQuestion(
            Supplier<Single<Map<ContainerId, MeshMembership>>> meshes,
            Consumer<Map<ContainerId, MeshMembership>> answered,
            Scheduler scheduler) {
        this.meshes = meshes;
        this.answered = answered;
        this.scheduler = scheduler;
    }

    /** Asks soon, and from now on also at the interval of the safety net. */
    void start() {
        long intervalMs = RESYNC.toMillis();
        inHand.add(scheduler.schedulePeriodicallyDirect(this::want, intervalMs, intervalMs, TimeUnit.MILLISECONDS));
        want();
    }

    /** Asks soon, unless that is already planned. */
    void want() {
        if (underWay) {
            wantedAgain = true;
        } else {
            askAfter(SETTLE.toMillis());
        }
    }

    void stop() {
        inHand.dispose();
    }

    private void askAfter(long delayMs) {
        underWay = true;
        // A request that arrives before the agent asks needs no further question.
        asking.set(Single.timer(delayMs, TimeUnit.MILLISECONDS, scheduler)
                .doOnSuccess(tick -> wantedAgain = false)
                .flatMap(tick -> meshes.get())
                .timeout(delayMs + LIMIT.toMillis(), TimeUnit.MILLISECONDS, scheduler)
                .observeOn(scheduler)
                .subscribe(this::succeeded, this::failed));
    }

    private void succeeded(Map<ContainerId, MeshMembership> answer) {
        if (failures > 0) {
            LOG.info("inventory=meshes-known again after {} attempts", failures);
        }
        failures = 0;
        underWay = false;
        answered.accept(answer);
        if (wantedAgain) {
            want();
        }
    }

    private void failed(Throwable failure) {
        if (failures++ == 0) {
            LOG.warn(
                    "inventory=meshes-unknown reason=\"{}\"; what is shown of meshes is as it was; the agent asks again",
                    failure.toString());
        }
        askAfter(BACKOFF.delayMs(failures));
    }
}
