// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.metrics;

import java.util.Map;

/**
 * What no fact on the bus says, as it is at the moment of a scrape.
 *
 * @param containers how many containers stand in which way
 * @param ports how many ports of ours carry packets
 * @param queues how much waits, by who has to deal with it
 * @param retries how many steps have failed and were, or will be, tried again since the start, by why
 */
public record Figures(
        Map<String, Integer> containers, int ports, Map<String, Integer> queues, Map<String, Long> retries) {
    public Figures {
        containers = Map.copyOf(containers);
        queues = Map.copyOf(queues);
        retries = Map.copyOf(retries);
    }
}
