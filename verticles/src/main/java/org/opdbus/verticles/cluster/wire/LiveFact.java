// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.wire;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * A fact that no ledger records. A kind that this version does not know is handled like any other: only its name, its
 * subject and its JSON are used.
 */
public record LiveFact(Instant time, String kind, String subject, JsonObject data) {
    /**
     * The data that replaces the data of a fact that is too large to send: the number of bytes that it would have
     * taken.
     */
    public static final String LEFT_OUT = "left_out_bytes";

    public LiveFact {
        Wire.checkName("kind", kind);
    }

    /** Returns whether the data were left out. */
    public boolean isCut() {
        return data.size() == 1 && data.containsKey(LEFT_OUT);
    }
}
