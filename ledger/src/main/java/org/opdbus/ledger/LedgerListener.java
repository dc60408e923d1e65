// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

/**
 * Receives the state changes of a ledger. Called on the ledger's own threads, one call at a time each; it must be
 * quick.
 */
public interface LedgerListener {
    /** Entries cannot be written; appends fail until {@link #recovered}. */
    default void degraded(String reason) {}

    /** Entries can be written again; an entry {@code ledger.recovered} says so too. */
    default void recovered(long lost) {}

    /** The host has signed this number of entries; the file is replaced already. */
    default void checkpointed(Checkpoint checkpoint) {}
}
