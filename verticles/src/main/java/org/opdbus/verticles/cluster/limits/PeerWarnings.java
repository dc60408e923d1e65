// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.limits;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.opdbus.verticles.limits.Allowance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs problems with peers, at most once in ten minutes for each peer, independently of the other peers. Safe for use
 * by any thread.
 */
public final class PeerWarnings {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    private static final int MINUTES = 10;

    private final Allowance limit;

    public PeerWarnings(LongSupplier nanoTime) {
        limit = new Allowance(1, Duration.ofMinutes(MINUTES), nanoTime);
    }

    /** Logs the problem, unless one was logged for that host recently. */
    public void warn(String host, String what) {
        OptionalLong silent = limit.next(host);
        if (silent.isPresent()) {
            LOG.warn("cluster: {}; logged once in {} minutes, {} more before", what, MINUTES, silent.getAsLong());
        }
    }
}
