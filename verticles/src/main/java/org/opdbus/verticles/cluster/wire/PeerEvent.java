// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.wire;

import org.opdbus.ledger.Entry;

/** What this host hears of a peer. */
public sealed interface PeerEvent {
    /** Returns the peer. */
    String host();

    /** A recorded fact, as its entry: each exactly once by host and height, in order. */
    record Recorded(Entry entry) implements PeerEvent {
        @Override
        public String host() {
            return entry.host();
        }
    }

    /** A fact that is not recorded: at most once. */
    record Live(String host, LiveFact fact) implements PeerEvent {}

    /**
     * Entries that the peer's ledger no longer holds.
     *
     * @param from the height of the first one
     * @param to the height of the last one
     */
    record Missed(String host, long from, long to) implements PeerEvent {}
}
