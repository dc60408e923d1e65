// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netlink;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import org.opdbus.verticles.kernel.netlink.LinkMessage;

/**
 * How long the listening thread leaves further messages with the kernel. Most links belong to other programs, and each message
 * that is read alone wakes three threads. So after messages about such links the thread pauses, and reads what has come
 * meanwhile at once. The first message after a rest is always read immediately, and after a message about a container's link
 * there is no pause. The pause grows from {@value #FIRST_MS} to {@value #LONGEST_MS} milliseconds while messages keep coming.
 *
 * <p>For one thread.
 */
final class ReadingPace {
    /** A container's start makes several messages before the container runs; the pauses must be over by then. */
    static final int FIRST_MS = 2;

    /**
     * The longest delay of a link that is put into a running container, on a host where other programs make links all the
     * time. ovs-vswitchd needs as long for each of these.
     */
    static final int LONGEST_MS = 32;

    /** How long no message must come until the pauses are short again. */
    static final long REST_MS = 50;

    private final Predicate<LinkMessage> urgent;
    private long lastReadNs;
    private int pauseMs;

    ReadingPace(Predicate<LinkMessage> urgent) {
        this.urgent = urgent;
    }

    /**
     * Returns the pause after messages.
     *
     * @param nowNs when they were read ({@link System#nanoTime()})
     */
    Duration after(List<LinkMessage> messages, long nowNs) {
        if (messages.isEmpty()) {
            return Duration.ZERO;
        }
        boolean rested = nowNs - lastReadNs > Duration.ofMillis(REST_MS).toNanos();
        lastReadNs = nowNs;
        if (anyUrgent(messages)) {
            pauseMs = 0;
        } else {
            pauseMs = rested || pauseMs == 0 ? FIRST_MS : Math.min(2 * pauseMs, LONGEST_MS);
        }
        return Duration.ofMillis(pauseMs);
    }

    private boolean anyUrgent(List<LinkMessage> messages) {
        for (LinkMessage message : messages) {
            if (urgent.test(message)) {
                return true;
            }
        }
        return false;
    }
}
