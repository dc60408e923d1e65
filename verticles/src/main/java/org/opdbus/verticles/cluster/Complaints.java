// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Warns of what is wrong with a sibling, once in ten minutes for each, whatever the others do. Safe for use by any thread. */
final class Complaints {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");

    private final LogLimit limit;

    Complaints(LongSupplier nanoTime) {
        limit = new LogLimit(1, nanoTime);
    }

    /** Logs what is wrong, unless something was logged of that host lately. */
    void warn(String host, String what) {
        OptionalLong silent = limit.next(host);
        if (silent.isPresent()) {
            LOG.warn(
                    "cluster: {}; said once in {} minutes, {} more before", what, LogLimit.MINUTES, silent.getAsLong());
        }
    }
}
