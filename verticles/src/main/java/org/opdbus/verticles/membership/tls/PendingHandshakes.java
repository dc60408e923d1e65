// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.tls;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * Limits the connections of one port on which the TLS handshake is not finished. Until then the other end is unknown.
 *
 * <p>When the limit is reached, a new connection takes the place of another one: of the address that holds the most
 * places, the connection that has waited longest. A handshake takes milliseconds, so an address that opens many
 * silent connections loses its own and not those of the members.
 *
 * <p>Safe for use by any thread. It closes connections on the thread that calls {@link #enter}.
 */
public final class PendingHandshakes {
    /** Far more than a cluster needs at once; each takes some 20 KiB while it waits. */
    public static final int PENDING_MAX = 64;

    /** How long one handshake may take. */
    public static final long HANDSHAKE_LIMIT_MS = 10_000;

    private final int pendingMax;
    /** In the order in which they came. */
    private final Set<Entry> pending = new LinkedHashSet<>();

    /** Uses the limit of every port. */
    public PendingHandshakes() {
        this(PENDING_MAX);
    }

    PendingHandshakes(int pendingMax) {
        this.pendingMax = pendingMax;
    }

    /** A connection that waits for the end of its handshake. */
    public final class Entry {
        private final String address;
        private final Runnable close;

        private Entry(String address, Runnable close) {
            this.address = address;
            this.close = close;
        }

        /** The handshake succeeded or failed, or the connection is closed. Further calls do nothing. */
        public void leave() {
            synchronized (pending) {
                pending.remove(this);
            }
        }
    }

    /**
     * Counts a connection, and closes another one if there are too many.
     *
     * @param address of the other end
     * @param close closes this connection if it must make room; may run on any thread
     */
    public Entry enter(String address, Runnable close) {
        Entry entry = new Entry(address, close);
        Entry outgoing = null;
        synchronized (pending) {
            if (pending.size() >= pendingMax) {
                outgoing = longestOf(busiest());
                pending.remove(outgoing);
            }
            pending.add(entry);
        }
        if (outgoing != null) {
            outgoing.close.run();
        }
        return entry;
    }

    /** Returns how many wait now. */
    public int size() {
        synchronized (pending) {
            return pending.size();
        }
    }

    private String busiest() {
        Map<String, Integer> counts = new HashMap<>();
        pending.forEach(entry -> counts.merge(entry.address, 1, Integer::sum));
        return counts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow(() -> new IllegalStateException("no connection waits, but there are too " + "many"))
                .getKey();
    }

    private Entry longestOf(String address) {
        return pending.stream()
                .filter(entry -> entry.address.equals(address))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("an address that was counted has no connection"));
    }
}
