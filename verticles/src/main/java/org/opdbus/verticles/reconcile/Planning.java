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
     * Returns the next actions for this container, and its status.
     *
     * @param earlier the last plan; its parts that are not stale are reused
     */
    Plan plan(ContainerId id, Intent intent, Plan earlier, Stale stale);

    /** Returns the same without an earlier plan. */
    default Plan plan(ContainerId id, Intent intent) {
        return plan(id, intent, Plan.alone(new Outcome.Rest(ContainerPhase.WAITING, "")), Stale.everything());
    }
}
