// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

/**
 * How the reconciler works.
 *
 * @param passIntervalMs how long until every container is looked at without a cause, as a safety net
 * @param observeOnly whether to find out only, and do nothing
 */
public record ReconcileOptions(long passIntervalMs, boolean observeOnly) {
    public ReconcileOptions {
        if (passIntervalMs < 1) {
            throw new IllegalArgumentException("passIntervalMs must be positive, not " + passIntervalMs);
        }
    }
}
