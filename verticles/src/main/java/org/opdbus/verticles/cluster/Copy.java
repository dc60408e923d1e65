// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * A copy of a fact of one host. A kind that this version does not know is as good as any other: nothing but its name, its
 * subject and its JSON is looked at.
 *
 * @param host whose fact it is
 * @param epoch the run of its agent
 * @param sequence its place in that run: 1, 2, … without a hole
 * @param height how far that host's ledger had come when the fact was told
 * @param kept whether the ledger is to keep it
 * @param of the sequence of the fact of which this says that it is on disk; 0 if it says nothing like that
 */
public record Copy(
        String host,
        long epoch,
        long sequence,
        long height,
        Instant time,
        String kind,
        String subject,
        JsonObject data,
        boolean kept,
        long of) {
    /** What the data of a fact that is too large to travel has instead: how many bytes they would have taken. */
    public static final String LEFT_OUT = "left_out_bytes";

    /** What a copy has beside its kind, subject and data. */
    static final int FRAME_BYTES = 256;

    /** How many bytes it takes on the wire, at most, and about as many in memory. */
    long size() {
        return FRAME_BYTES + kind.length() + JsonSize.ofText(subject) + JsonSize.of(data.getMap());
    }

    /** Whether the data were left out. */
    public boolean isCut() {
        return data.size() == 1 && data.containsKey(LEFT_OUT);
    }
}
