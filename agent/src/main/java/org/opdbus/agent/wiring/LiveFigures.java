// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.core.Single;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.opdbus.verticles.metrics.Figures;
import org.opdbus.verticles.reconcile.Load;

/** Collects the figures that only the components know: how much waits, and what was tried again. */
final class LiveFigures {
    private final Supplier<Single<Load>> load;
    private final Map<String, IntSupplier> queues;
    private final Supplier<Map<String, Long>> forged;

    /**
     * Asks on any thread.
     *
     * @param queues return their lengths
     * @param forged returns the number of forged messages, by reason
     */
    LiveFigures(Supplier<Single<Load>> load, Map<String, IntSupplier> queues, Supplier<Map<String, Long>> forged) {
        this.load = load;
        this.queues = Map.copyOf(queues);
        this.forged = forged;
    }

    Single<Figures> ask() {
        return load.get().map(this::figures);
    }

    private Figures figures(Load load) {
        Map<String, Integer> waiting = new HashMap<>();
        queues.forEach((name, length) -> waiting.put(name, length.getAsInt()));
        waiting.put("reconcile", load.waiting());
        waiting.put("actions", load.underWay());
        Map<String, Long> retries = new HashMap<>();
        load.failures()
                .forEach((why, count) ->
                        retries.put(why.name().toLowerCase(Locale.ROOT).replace('_', '-'), count));
        return new Figures(waiting, retries, forged.get());
    }
}
