// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.time.Instant;

/**
 * A host of the cluster, as far as this host knows it. A host that is away keeps its last known row.
 *
 * @param up whether a heartbeat came recently
 * @param lastSeen when the last one came, by this host's clock
 * @param height the height of its ledger
 * @param version the version of its program
 * @param checkpoint the last checkpoint of its ledger that it showed, signed
 */
public record HostRow(String host, boolean up, Instant lastSeen, long height, String version, String checkpoint) {
    HostRow away() {
        return new HostRow(host, false, lastSeen, height, version, checkpoint);
    }
}
