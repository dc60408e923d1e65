// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.time.Instant;
import java.util.List;

/**
 * Another host of the cluster, as this host knows it. An absent host keeps its last known state.
 *
 * @param host its name
 * @param up whether this host has received a heartbeat recently
 * @param lastSeen the time of the last heartbeat, by this host's clock
 * @param height the height of its ledger
 * @param held the height of its last entry that this host has received; 0 if it has none
 * @param head the hash of that entry; empty if this host does not know it
 * @param version the version of its agent
 * @param containers for each container the JSON text that {@code query} shows on that host: unverified data of another host,
 *     perhaps of another version of the agent
 * @param leftOut the number of its containers beyond the limit, about which this host knows nothing
 */
public record Peer(
        String host,
        boolean up,
        Instant lastSeen,
        long height,
        long held,
        String head,
        String version,
        List<String> containers,
        long leftOut) {
    public Peer {
        containers = List.copyOf(containers);
    }

    /** Returns how many entries of its ledger this host has yet to receive. */
    public long behind() {
        return Math.max(0, height - held);
    }
}
