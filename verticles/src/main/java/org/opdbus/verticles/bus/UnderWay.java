// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts the bytes that are on their way, to each address and to all. Overflow rule: at most {@code eachMax} bytes
 * may be on their way to an address. While {@code allMax} are on their way in total, only addresses without any get
 * more. A message without room is not sent. Safe for use by any thread.
 */
final class UnderWay {
    private final long eachMax;
    private final long allMax;
    private final Map<String, Long> each = new HashMap<>();
    private long all;

    UnderWay(long eachMax, long allMax) {
        this.eachMax = eachMax;
        this.allMax = allMax;
    }

    /** Returns whether this many bytes may be sent now; then they count until {@link #end}. */
    synchronized boolean begin(String address, int bytes) {
        long there = each.getOrDefault(address, 0L);
        if (there > 0 && (there + bytes > eachMax || all + bytes > allMax)) {
            return false;
        }
        each.put(address, there + bytes);
        all += bytes;
        return true;
    }

    /** They have arrived, or are lost. */
    synchronized void end(String address, int bytes) {
        all -= bytes;
        each.computeIfPresent(address, (at, there) -> there > bytes ? there - bytes : null);
    }

    synchronized long all() {
        return all;
    }
}
