// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import java.util.HashMap;
import java.util.Map;

/**
 * How many bytes are on their way, to each address and to all. Overflow rule: to an address that takes nothing at most
 * {@code eachMax} are on their way, and while there are {@code allMax} in all, only addresses that none are on their way to
 * get more; what finds no place is not sent. Safe for use by any thread.
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

    /** Whether so many bytes may go now; then they are on their way until {@link #end}. */
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
