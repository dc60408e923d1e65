// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import io.reactivex.rxjava3.core.Single;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.metrics.Figures;
import org.opdbus.verticles.reconcile.Load;

/** Collects the figures that only the components know. Any thread may ask queues. */
final class LiveFigures {
    private final Supplier<Single<List<ContainerStatus>>> containers;
    private final Supplier<Single<Load>> load;
    private final Map<String, IntSupplier> queues;

    LiveFigures(
            Supplier<Single<List<ContainerStatus>>> containers,
            Supplier<Single<Load>> load,
            Map<String, IntSupplier> queues) {
        this.containers = containers;
        this.load = load;
        this.queues = Map.copyOf(queues);
    }

    Single<Figures> ask() {
        return Single.zip(containers.get(), load.get(), this::figures);
    }

    private Figures figures(List<ContainerStatus> all, Load load) {
        int ports = 0;
        for (ContainerStatus status : all) {
            if (status.standing() == ContainerPhase.ENROLLED) {
                ports += (int) status.links().stream()
                        .filter(link -> link.ofport() > 0)
                        .count();
            }
        }
        Map<String, Integer> waiting = new HashMap<>();
        queues.forEach((name, length) -> waiting.put(name, length.getAsInt()));
        waiting.put("reconcile", load.waiting());
        waiting.put("actions", load.underWay());
        Map<String, Long> retries = new HashMap<>();
        load.failures()
                .forEach((why, count) ->
                        retries.put(why.name().toLowerCase(Locale.ROOT).replace('_', '-'), count));
        return new Figures(Answers.counts(all), ports, waiting, retries);
    }
}
