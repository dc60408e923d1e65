// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.metrics;

import java.util.Map;

/**
 * Figures at the moment of a scrape that neither the facts on the bus nor the inventory contain.
 *
 * @param queues the length of each queue, by the part of the agent that owns it
 * @param retries the number of failed steps since the start, all of which the agent retries, by reason
 * @param forged the number of messages between hosts that were refused since the start, by reason
 */
public record Figures(Map<String, Integer> queues, Map<String, Long> retries, Map<String, Long> forged) {
    public Figures {
        queues = Map.copyOf(queues);
        retries = Map.copyOf(retries);
        forged = Map.copyOf(forged);
    }
}
