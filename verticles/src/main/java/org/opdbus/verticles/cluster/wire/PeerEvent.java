// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import org.opdbus.ledger.Entry;

/** What an {@link Inbox} passes on, in the order of its sender. */
public sealed interface Told {
    /** Returns the sender. */
    String host();

    /** A copy, as it was sent; exactly once per host, epoch and sequence. */
    record Live(Copy copy) implements Told {
        @Override
        public String host() {
            return copy.host();
        }
    }

    /** What the ledger kept of a fact whose copy is no longer available; exactly once per host and height. */
    record Filled(Entry entry) implements Told {
        @Override
        public String host() {
            return entry.host();
        }
    }

    /**
     * Copies that are no longer available. Those that the ledger kept follow as {@link Filled}.
     *
     * @param from the first of them
     * @param to the last of them
     */
    record Missed(String host, long epoch, long from, long to) implements Told {}
}
