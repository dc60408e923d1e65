// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * A copy of a fact of one host. A kind that this version does not know is handled like any other: only its name, its
 * subject and its JSON are used.
 *
 * @param host the host of the fact
 * @param epoch the run of its agent
 * @param sequence its number in that run: 1, 2, … without a gap
 * @param height the height of that host's ledger when the fact was published
 * @param kept whether the ledger keeps it
 * @param of the sequence of the fact that this fact reports as being on disk; 0 if it reports none
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
    /**
     * The data that replaces the data of a fact that is too large to send: the number of bytes that it would have
     * taken.
     */
    public static final String LEFT_OUT = "left_out_bytes";

    /** The size of a copy without its kind, subject and data. */
    static final int FRAME_BYTES = 256;

    /** Returns how many bytes it takes on the wire, at most, and about as many in memory. */
    long size() {
        return FRAME_BYTES + kind.length() + JsonSize.ofText(subject) + JsonSize.of(data.getMap());
    }

    /** Returns whether the data were left out. */
    public boolean isCut() {
        return data.size() == 1 && data.containsKey(LEFT_OUT);
    }
}
