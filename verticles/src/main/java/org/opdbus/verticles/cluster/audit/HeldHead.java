// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.audit;

import io.vertx.core.json.JsonObject;

/**
 * What a peer holds of this host's ledger.
 *
 * @param host the peer
 * @param answered whether it answered in time
 * @param checkpoint the highest checkpoint that it ever saw, as this host signed it; empty if it saw none
 */
public record HeldHead(String host, boolean answered, String checkpoint) {
    /** Returns it in the form of the control socket. */
    public JsonObject json() {
        return new JsonObject().put("host", host).put("answered", answered).put("checkpoint", checkpoint);
    }
}
