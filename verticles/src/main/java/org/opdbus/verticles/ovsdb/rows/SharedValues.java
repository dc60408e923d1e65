// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb.rows;

import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.edges.rows.StoredValue;

/**
 * Lets rows share equal short values of one time, of which most rows have dozens, such as {@code []}. It remembers a fixed number
 * of values, each until another one takes its place. For one thread.
 */
final class SharedValues {
    private static final int PLACES = 512;
    private static final int BYTES_MAX = 64;

    private final @Nullable StoredValue[] places = new StoredValue[PLACES];

    StoredValue of(byte[] json, Instant changed) {
        if (json.length > BYTES_MAX) {
            return new StoredValue(json, changed);
        }
        int place = (Arrays.hashCode(json) * 0x9E3779B9) >>> 23;
        StoredValue known = places[place];
        if (known != null && known.hasText(json) && known.changed().toEpochMilli() == changed.toEpochMilli()) {
            return known;
        }
        StoredValue made = new StoredValue(json, changed);
        places[place] = made;
        return made;
    }
}
