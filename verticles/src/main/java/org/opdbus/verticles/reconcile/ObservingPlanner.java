// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import static org.opdbus.verticles.inventory.ContainerPhase.LEFT_ALONE;
import static org.opdbus.verticles.inventory.ContainerPhase.STOPPED;

import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.plan.ContainerRule;
import org.opdbus.verticles.plan.Intent;
import org.opdbus.verticles.plan.Outcome.Rest;
import org.opdbus.verticles.view.ContainerView;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.Stale;

/** Finds out which links belong to which container, and changes none of them. */
final class ObservingPlanner implements Planning {
    private final HostView view;
    private final ContainerRule namespace;

    ObservingPlanner(HostView view, ContainerRule namespace) {
        this.view = view;
        this.namespace = namespace;
    }

    @Override
    public Plan plan(ContainerId id, Intent intent, Plan earlier, Stale stale) {
        Optional<ContainerView> container = view.container(id).filter(ContainerView::isRunning);
        if (container.isEmpty()) {
            return Plan.alone(new Rest(STOPPED, ""));
        }
        return Plan.alone(namespace.decide(id, container.get()).orElseGet(() -> new Rest(LEFT_ALONE, "")));
    }
}
