// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import io.reactivex.rxjava3.core.Scheduler;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.inventory.ContainerNews;

/**
 * Tells how containers stand after they were looked at. What is looked at several times in one turn of the context is told once,
 * as it stands at the end of the turn. For the context's one thread.
 */
final class StatusReports {
    private final Function<ContainerId, ContainerNews> news;
    private final Consumer<List<ContainerNews>> told;
    private final Scheduler context;
    private final Set<ContainerId> untold = new LinkedHashSet<>();

    StatusReports(Function<ContainerId, ContainerNews> news, Consumer<List<ContainerNews>> told, Scheduler context) {
        this.news = news;
        this.told = told;
        this.context = context;
    }

    /** This container was looked at. */
    void looked(ContainerId id) {
        if (untold.isEmpty()) {
            context.scheduleDirect(this::tell);
        }
        untold.add(id);
    }

    /** Tells at once what is untold. */
    void tell() {
        if (!untold.isEmpty()) {
            List<ContainerNews> all = untold.stream().map(news).toList();
            untold.clear();
            told.accept(all);
        }
    }
}
