// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.tls;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs refused hosts: once, and again after ten minutes with the number of attempts in between. Safe for use by any
 * thread.
 */
public final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    private static final long QUIET_NS = TimeUnit.MINUTES.toNanos(10);
    /** The number of different hosts in the log; the oldest is dropped. */
    private static final int KNOWN_MAX = 256;

    private final LongSupplier nanoTime;
    private final Map<String, Known> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > KNOWN_MAX;
        }
    };

    private record Known(long toldAt, int since) {}

    public Refusals(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Notes that this host, according to its certificate, or this address was refused. */
    public synchronized void tell(String host, String address, @Nullable String why) {
        String key = host + " " + address + " " + why;
        Known before = known.get(key);
        long now = nanoTime.getAsLong();
        if (before != null && now - before.toldAt() < QUIET_NS) {
            known.put(key, new Known(before.toldAt(), before.since() + 1));
            return;
        }
        known.put(key, new Known(now, 0));
        LOG.warn(
                "cluster.refused host={} address={} times={}: {}",
                shown(host),
                shown(address),
                before == null ? 1 : before.since() + 1,
                why);
    }

    /** The other end chose the name, so it may contain anything. */
    private static String shown(String text) {
        String plain = text.replaceAll("[^A-Za-z0-9.:_-]", "?");
        return plain.isEmpty() ? "-" : plain.substring(0, Math.min(plain.length(), 64));
    }
}
