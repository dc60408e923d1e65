// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import org.opdbus.events.ContainerId;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.plan.Intent;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.view.Stale;

/** Decides about one container at a time. */
@FunctionalInterface
interface Planning {
    /**
     * What to do next for this container, and how it stands.
     *
     * @param earlier the last plan; what of it is not stale is taken over as it is
     */
    Plan plan(ContainerId id, Intent intent, Plan earlier, Stale stale);

    /** The same from nothing. */
    default Plan plan(ContainerId id, Intent intent) {
        return plan(id, intent, Plan.alone(new Outcome.Rest(ContainerPhase.WAITING, "")), Stale.everything());
    }
}
