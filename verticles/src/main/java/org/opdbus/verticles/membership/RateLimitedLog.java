// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.limits.Allowance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs persistent failures: each when it begins, and again every ten minutes. */
final class RateLimitedLog {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    private final Allowance lines;

    RateLimitedLog(LongSupplier nanoTime) {
        lines = new Allowance(1, Duration.ofMinutes(10), nanoTime);
    }

    /** Logs the reason with its object, unless the same reason was logged recently under this name. */
    void warn(String name, String format, Object about, @Nullable String reason) {
        if (lines.next(name + " " + reason).isPresent()) {
            LOG.warn(format, about, reason);
        }
    }

    /** It works again, so the next failure is logged at once. */
    void forget() {
        lines.forget();
    }
}
