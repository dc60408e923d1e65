// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

/** Hears what a ledger says of itself. Called on the ledger's own threads, one call at a time each: be quick. */
public interface LedgerListener {
    /** Entries cannot be written; appends fail until {@link #recovered}. */
    default void degraded(String reason) {}

    /** Entries can be written again; an entry {@code ledger.recovered} says so too. */
    default void recovered(long lost) {}

    /** The host has signed how many entries there are; the file is replaced already. */
    default void checkpointed(Checkpoint checkpoint) {}
}
