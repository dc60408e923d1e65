// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs persistent failures: when one begins or changes, and again every ten minutes. For one thread. */
final class RateLimitedLog {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    private static final long QUIET_NS = TimeUnit.MINUTES.toNanos(10);

    private final LongSupplier nanoTime;
    private final Map<String, Told> told = new HashMap<>();

    private record Told(long at, @Nullable String reason) {}

    RateLimitedLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Logs the reason with its object, unless it was logged recently under this name. */
    void warn(String name, String format, Object about, @Nullable String reason) {
        Told before = told.get(name);
        long now = nanoTime.getAsLong();
        if (before == null || !String.valueOf(before.reason()).equals(reason) || now - before.at() >= QUIET_NS) {
            told.put(name, new Told(now, reason));
            LOG.warn(format, about, reason);
        }
    }

    /** It works again, so the next failure is logged at once. */
    void forget() {
        told.clear();
    }
}
