// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import io.reactivex.rxjava3.core.Scheduler;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.inventory.ContainerNews;

/**
 * Reports the status of containers after the router has checked them. A container that the router checks several times in one
 * turn of the context is reported once, with its status at the end of the turn. A report follows the one before after at least
 * {@value #PAUSE_MS} ms: a single change is reported at once, and what happens in a storm is reported together, because the status
 * of a container takes as long as a step for it. For the context's thread only.
 */
final class StatusReports {
    /** Far less than a user notices. */
    static final long PAUSE_MS = 10;

    private final Function<ContainerId, ContainerNews> news;
    private final Consumer<List<ContainerNews>> told;
    private final Scheduler context;
    private final Set<ContainerId> untold = new LinkedHashSet<>();
    private long nextMs;

    StatusReports(Function<ContainerId, ContainerNews> news, Consumer<List<ContainerNews>> told, Scheduler context) {
        this.news = news;
        this.told = told;
        this.context = context;
    }

    /** Notes that the router has checked this container. */
    void looked(ContainerId id) {
        if (untold.isEmpty()) {
            // The host's clock may be set, so the pause has a limit of its own.
            long pauseMs = Math.min(PAUSE_MS, nextMs - context.now(TimeUnit.MILLISECONDS));
            context.scheduleDirect(this::tell, Math.max(0, pauseMs), TimeUnit.MILLISECONDS);
        }
        untold.add(id);
    }

    /** Reports now what was noted and not yet reported. */
    void tell() {
        if (!untold.isEmpty()) {
            // To tell the status of a container may have it checked first, which notes it again.
            List<ContainerId> ids = List.copyOf(untold);
            untold.clear();
            nextMs = context.now(TimeUnit.MILLISECONDS) + PAUSE_MS;
            told.accept(ids.stream().map(news).toList());
        }
    }
}
