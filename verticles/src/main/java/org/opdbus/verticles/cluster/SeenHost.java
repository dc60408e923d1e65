// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.util.List;

/**
 * Another host and its last known containers.
 *
 * @param containers each the JSON by which {@code query} shows it there
 * @param leftOut how many more there are, which are unknown here because there would be too many
 */
public record SeenHost(HostRow row, List<String> containers, long leftOut) {
    public SeenHost {
        containers = List.copyOf(containers);
    }
}
