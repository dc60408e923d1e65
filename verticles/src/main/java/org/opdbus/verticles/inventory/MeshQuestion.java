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
 * Asks how the containers stand with their meshes: never twice at a time, and once more afterwards if it was wanted meanwhile. A
 * question that fails is asked again, after a while. For the scheduler's one thread.
 */
final class MeshQuestion {
    private static final Logger LOG = LoggerFactory.getLogger(MeshQuestion.class);

    /** Changes of many containers at a time are one question. */
    static final Duration SETTLE = Duration.ofMillis(20);

    static final Duration LIMIT = Duration.ofSeconds(10);

    /** The safety net: what no change was told of is seen then. */
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

    /** Asks soon, and from now on every so often, too. */
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
        // A wish that comes before the question is put is answered by it.
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
