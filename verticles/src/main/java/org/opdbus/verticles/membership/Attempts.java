// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Limits how often an address may ask the join server: 20 times a minute. Safe for use by any thread. */
final class Attempts {
    static final int ALLOWED = 20;
    private static final long MINUTE_NS = TimeUnit.MINUTES.toNanos(1);
    /** The number of addresses whose requests are counted; the address that was first seen longest ago is dropped. */
    private static final int KNOWN_MAX = 4096;

    private final LongSupplier nanoTime;
    private final Map<String, Count> counts = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Count> eldest) {
            return size() > KNOWN_MAX;
        }
    };

    private record Count(long since, int asked) {}

    Attempts(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Counts one request, and returns whether it is allowed. */
    synchronized boolean isAllowed(String address) {
        long now = nanoTime.getAsLong();
        Count before = counts.get(address);
        Count after = before == null || now - before.since() >= MINUTE_NS
                ? new Count(now, 1)
                : new Count(before.since(), before.asked() + 1);
        counts.put(address, after);
        return after.asked() <= ALLOWED;
    }
}
