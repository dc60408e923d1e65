// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.metrics;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.rxjava3.core.AbstractVerticle;
import java.time.Duration;
import java.util.function.Supplier;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.inventory.LiveInventory;

/** Listens to the bus for the meters. */
public final class MetricsVerticle extends AbstractVerticle {
    private static final Duration RENDERED_FOR = Duration.ofSeconds(1);

    private final Bus bus;
    private final Meters meters = new Meters();
    private final StepTimes steps = new StepTimes(meters::step, System::nanoTime);
    private final LiveInventory inventory;
    private final Supplier<Single<Figures>> figures;
    private final Supplier<Single<String>> rendered;
    private Disposable subscription = Disposable.disposed();

    /**
     * Meters that begin when this is deployed, which should be before the sources are.
     *
     * @param inventory what every gauge of this host's state is read from
     * @param figures what neither says; asked whenever the meters are rendered
     */
    public MetricsVerticle(Bus bus, LiveInventory inventory, Supplier<Single<Figures>> figures) {
        this.bus = bus;
        this.inventory = inventory;
        this.figures = figures;
        rendered = new SharedAnswer<>(this::render, RENDERED_FOR, System::nanoTime);
    }

    @Override
    public Completable rxStart() {
        subscription = bus.subscribeAll(fact -> {
            meters.hear(fact);
            steps.hear(fact);
        });
        return Completable.complete();
    }

    /**
     * Every meter in Prometheus' text format (version 0.0.4), as it was at most a second ago: scrapes in one second share one
     * text. May be called from any thread.
     */
    public Single<String> scrape() {
        return rendered.get();
    }

    private Single<String> render() {
        return figures.get().map(now -> {
            meters.take(inventory.current());
            meters.take(now);
            return meters.text();
        });
    }

    @Override
    public Completable rxStop() {
        subscription.dispose();
        meters.close();
        return Completable.complete();
    }
}
