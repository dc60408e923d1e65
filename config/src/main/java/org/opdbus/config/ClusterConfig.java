// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

/**
 * Whether hosts share their events.
 *
 * @param enabled whether this host joins the cluster
 */
public record ClusterConfig(boolean enabled) {
    public static ClusterConfig defaults() {
        return new ClusterConfig(false);
    }
}
