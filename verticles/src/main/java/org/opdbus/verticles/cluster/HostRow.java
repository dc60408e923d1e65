// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.vertx.core.json.JsonObject;
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
    /** Returns it in the form that commands show. */
    public JsonObject json() {
        return new JsonObject()
                .put("host", host)
                .put("state", up ? "up" : "away")
                .put("last_seen", lastSeen.toString())
                .put("ledger_height", height)
                .put("version", version);
    }

    HostRow away() {
        return new HostRow(host, false, lastSeen, height, version, checkpoint);
    }
}
