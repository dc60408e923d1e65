// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.vertx.core.json.JsonObject;

/**
 * What a sibling holds of this host's ledger.
 *
 * @param host the sibling
 * @param answered whether it said so in time
 * @param checkpoint the highest that it ever saw, as this host signed it; empty if it saw none
 */
public record HeldHead(String host, boolean answered, String checkpoint) {
    /** As the control socket tells it. */
    public JsonObject json() {
        return new JsonObject().put("host", host).put("answered", answered).put("checkpoint", checkpoint);
    }
}
