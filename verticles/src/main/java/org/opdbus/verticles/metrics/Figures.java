// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.metrics;

import java.util.Map;

/**
 * What neither a fact on the bus nor the inventory says, as it is at the moment of a scrape.
 *
 * @param queues how much waits, by who has to deal with it
 * @param retries how many steps have failed and were, or will be, tried again since the start, by why
 */
public record Figures(Map<String, Integer> queues, Map<String, Long> retries) {
    public Figures {
        queues = Map.copyOf(queues);
        retries = Map.copyOf(retries);
    }
}
