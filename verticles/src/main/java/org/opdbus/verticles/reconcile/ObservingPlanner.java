// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import static org.opdbus.verticles.inventory.ContainerPhase.LEFT_ALONE;
import static org.opdbus.verticles.inventory.ContainerPhase.STOPPED;

import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.reconcile.Action.ResolveNamespace;
import org.opdbus.verticles.reconcile.Outcome.Act;
import org.opdbus.verticles.reconcile.Outcome.Rest;
import org.opdbus.verticles.view.ContainerView;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.Stale;

/** Finds out which links belong to which container, and does nothing to any of them. */
final class ObservingPlanner implements Planning {
    private final HostView view;

    ObservingPlanner(HostView view) {
        this.view = view;
    }

    @Override
    public Plan plan(ContainerId id, Intent intent, Plan earlier, Stale stale) {
        Optional<ContainerView> container = view.container(id).filter(ContainerView::isRunning);
        if (container.isEmpty()) {
            return Plan.alone(new Rest(STOPPED, ""));
        }
        return container.get().isResolved()
                ? Plan.alone(new Rest(LEFT_ALONE, ""))
                : Plan.alone(new Act(
                        new ResolveNamespace(id, container.get().initPid().orElseThrow())));
    }
}
