// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.tls;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.limits.Allowance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs refused hosts: once, and again after ten minutes with the number of attempts in between. Safe for use by any
 * thread.
 */
public final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    private static final int TEXT_MAX = 64;

    private final Allowance lines;

    public Refusals(LongSupplier nanoTime) {
        lines = new Allowance(1, Duration.ofMinutes(10), nanoTime);
    }

    /** Notes that this host, according to its certificate, or this address was refused. */
    public void tell(String host, String address, @Nullable String why) {
        String who = "host=" + shown(host) + " address=" + shown(address);
        OptionalLong silent = lines.next(who + " " + why);
        if (silent.isPresent()) {
            LOG.warn("cluster.refused {} times={}: {}", who, silent.getAsLong() + 1, why);
        }
    }

    /** The other end chose the name, so it may contain anything. */
    private static String shown(String text) {
        String plain = text.replaceAll("[^A-Za-z0-9.:_-]", "?");
        return plain.isEmpty() ? "-" : plain.substring(0, Math.min(plain.length(), TEXT_MAX));
    }
}
