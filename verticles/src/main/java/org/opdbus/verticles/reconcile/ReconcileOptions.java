// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

/**
 * The options of the reconciler.
 *
 * @param passIntervalMs the interval at which every container is checked without a cause, as a safety net
 */
public record ReconcileOptions(long passIntervalMs) {
    public ReconcileOptions {
        if (passIntervalMs < 1) {
            throw new IllegalArgumentException("passIntervalMs must be positive, not " + passIntervalMs);
        }
    }
}
