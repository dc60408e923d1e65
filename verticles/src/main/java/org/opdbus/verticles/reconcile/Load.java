// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import java.util.Map;
import org.opdbus.verticles.bus.StepException;

/**
 * How busy the reconciler is.
 *
 * @param underWay actions in progress
 * @param waiting containers that have work and wait for their turn
 * @param failures how many actions have failed since the start, all of which are retried, by reason
 */
public record Load(int underWay, int waiting, Map<StepException.Reason, Long> failures) {
    public Load {
        failures = Map.copyOf(failures);
    }
}
