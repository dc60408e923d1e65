// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

/**
 * How the reconciler works.
 *
 * @param owner the name of this host, by which its ports are known
 * @param naming the rule for the names of links
 * @param repairDrift whether to undo what another hand did to a port of ours, or only to report it
 * @param passIntervalMs how long until every container is looked at without a cause, as a safety net
 * @param observeOnly whether to find out only, and do nothing
 */
public record ReconcileOptions(
        String owner, NamingRule naming, boolean repairDrift, long passIntervalMs, boolean observeOnly) {
    public ReconcileOptions {
        if (passIntervalMs < 1) {
            throw new IllegalArgumentException("passIntervalMs must be positive, not " + passIntervalMs);
        }
    }
}
