// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.util.List;
import org.opdbus.verticles.cluster.entries.EntryPuller.Position;

/**
 * Another host and its last known containers.
 *
 * @param held how far its entries were passed on here
 * @param containers each the JSON by which {@code query} shows it there
 * @param leftOut how many more there are, which are unknown here because there would be too many
 */
public record SeenHost(HostRow row, Position held, List<String> containers, long leftOut) {
    public SeenHost {
        containers = List.copyOf(containers);
    }
}
