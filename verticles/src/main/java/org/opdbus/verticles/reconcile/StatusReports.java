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
 * Reports the status of containers after the router has checked them. A container that the router checks several times in one
 * turn of the context is reported once, with its status at the end of the turn. For the context's thread only.
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

    /** Notes that the router has checked this container. */
    void looked(ContainerId id) {
        if (untold.isEmpty()) {
            context.scheduleDirect(this::tell);
        }
        untold.add(id);
    }

    /** Reports now what was noted and not yet reported. */
    void tell() {
        if (!untold.isEmpty()) {
            List<ContainerNews> all = untold.stream().map(news).toList();
            untold.clear();
            told.accept(all);
        }
    }
}
