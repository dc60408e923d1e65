// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import org.opdbus.events.ContainerId;

/** Decides about one container at a time. */
@FunctionalInterface
interface Planning {
    /** What to do next for this container, and how it stands. */
    Plan plan(ContainerId id, Intent intent);
}
