// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.time.Instant;
import java.util.List;

/**
 * Another host of the cluster, as this host knows it. One that is away keeps what was known last.
 *
 * @param host its name
 * @param up whether a heartbeat came lately
 * @param lastSeen when the last one came, by this host's clock
 * @param height how far its ledger had come
 * @param version of its agent
 * @param containers each the JSON text by which {@code query} shows it on that host: another host's word, perhaps of another
 *     version of the agent
 * @param leftOut how many more containers it has, of which nothing is known here because they would be too many
 */
public record Peer(
        String host, boolean up, Instant lastSeen, long height, String version, List<String> containers, long leftOut) {
    public Peer {
        containers = List.copyOf(containers);
    }
}
