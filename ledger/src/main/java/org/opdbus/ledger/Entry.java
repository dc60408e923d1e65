// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.opdbus.ledger.text.Sha256;

/**
 * One record in the ledger, as it is on disk.
 *
 * @param height its number: 1, 2, …
 * @param time when it was recorded, by the host's clock, to the microsecond; clocks step, so times need not ascend
 * @param host the host of the ledger
 * @param kind what happened
 * @param subject what it happened to
 * @param data everything else, in the types of {@link Draft}
 * @param prev the hash of the entry before, 64 zeros for the first
 * @param hash lower-case hex SHA-256 of the canonical JSON of the entry without this field
 */
public record Entry(
        long height,
        Instant time,
        String host,
        String kind,
        String subject,
        Map<String, Object> data,
        String prev,
        String hash) {
    /** The {@code prev} of the first entry. */
    public static final String NO_ENTRY = "0".repeat(2 * Sha256.BYTES);

    /** Returns the entry as its line on disk, without the newline: RFC 8785 canonical JSON. */
    public String line() {
        return new String(EntryFormat.line(this), StandardCharsets.UTF_8);
    }
}
