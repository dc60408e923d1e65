// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.SerialDisposable;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks how the containers stand: never twice at a time, and once more afterwards if it was wanted meanwhile. A question
 * that fails is asked again, after a while. For the scheduler's one thread.
 */
final class ContainerRefresh {
    private static final Logger LOG = LoggerFactory.getLogger(ContainerRefresh.class);
    private static final long RETRY_MS_MIN = 200;
    private static final long RETRY_MS_MAX = 30_000;

    private final Supplier<Single<List<ContainerRow>>> containers;
    private final Consumer<List<ContainerRow>> answered;
    private final NonNetOptions options;
    private final Scheduler scheduler;
    private final SerialDisposable asking = new SerialDisposable();
    private final CompositeDisposable inHand = new CompositeDisposable(asking);

    private boolean underWay;
    private boolean wantedAgain;
    private int failures;

    ContainerRefresh(
            Supplier<Single<List<ContainerRow>>> containers,
            Consumer<List<ContainerRow>> answered,
            NonNetOptions options,
            Scheduler scheduler) {
        this.containers = containers;
        this.answered = answered;
        this.options = options;
        this.scheduler = scheduler;
    }

    /** Asks at once, and from now on every so often. */
    void start() {
        long intervalMs = options.resyncInterval().toMillis();
        inHand.add(scheduler.schedulePeriodicallyDirect(this::want, intervalMs, intervalMs, TimeUnit.MILLISECONDS));
        want();
    }

    /** Asks soon, unless that is already planned. */
    void want() {
        if (underWay) {
            wantedAgain = true;
        } else {
            askAfter(options.settleTime().toMillis());
        }
    }

    void stop() {
        inHand.dispose();
    }

    private void askAfter(long delayMs) {
        underWay = true;
        // What is wanted before the question is put is answered by it.
        asking.set(Single.timer(delayMs, TimeUnit.MILLISECONDS, scheduler)
                .doOnSuccess(tick -> wantedAgain = false)
                .flatMap(tick -> containers.get())
                .timeout(delayMs + options.questionLimit().toMillis(), TimeUnit.MILLISECONDS, scheduler)
                .observeOn(scheduler)
                .subscribe(this::succeeded, this::failed));
    }

    private void succeeded(List<ContainerRow> rows) {
        if (failures > 0) {
            LOG.info("nonnet=containers-known again after {} attempts", failures);
        }
        failures = 0;
        underWay = false;
        answered.accept(rows);
        if (wantedAgain) {
            want();
        }
    }

    private void failed(Throwable failure) {
        long doubled = Math.min(RETRY_MS_MAX, RETRY_MS_MIN << Math.min(failures, 20));
        long delayMs = ThreadLocalRandom.current().nextLong(doubled / 2, doubled + 1);
        if (failures++ == 0) {
            LOG.warn(
                    "nonnet=containers-unknown reason=\"{}\"; the table lxc is as it was, trying on",
                    failure.toString());
        }
        askAfter(delayMs);
    }
}
