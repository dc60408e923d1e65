// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts the bytes that are on their way, for each address and in total. Overflow rule: an address may have at most
 * {@code eachMax} bytes on their way. Once {@code allMax} bytes in total are on their way, only an address that has none
 * may begin a message. The caller does not send a message that has no room. Safe for use by any thread.
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

    /** Returns whether this many bytes may be sent now; if so, they count until {@link #end}. */
    synchronized boolean begin(String address, int bytes) {
        long there = each.getOrDefault(address, 0L);
        if (there > 0 && (there + bytes > eachMax || all + bytes > allMax)) {
            return false;
        }
        each.put(address, there + bytes);
        all += bytes;
        return true;
    }

    /** Ends the count of these bytes: they have arrived, or are lost. */
    synchronized void end(String address, int bytes) {
        all -= bytes;
        each.computeIfPresent(address, (at, there) -> there > bytes ? there - bytes : null);
    }

    synchronized long all() {
        return all;
    }
}
