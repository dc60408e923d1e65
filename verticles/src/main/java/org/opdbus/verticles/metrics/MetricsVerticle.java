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

/** Updates the meters from the facts on the bus. */
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
     * Creates the meters. They start when this verticle is deployed; the agent should deploy it before the sources.
     *
     * @param inventory the source of every gauge of this host's state
     * @param figures supplies the other figures; called whenever the meters are rendered
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
     * Returns every meter in Prometheus' text format (version 0.0.4). The text is at most a second old: scrapes within one
     * second share it. May be called from any thread.
     */
    public Single<String> scrape() {
        return rendered.get();
    }

    /** Returns a few of the meters, without the cost of rendering all. May be called from any thread. */
    public Single<Summary> summary() {
        return figures.get().map(meters::summary);
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
