// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A ledger that can be written to. Safe for use by any thread. */
public interface Ledger extends AutoCloseable {
    /**
     * Records a draft.
     *
     * <p>Completes when the entry is on disk, with the entry; entries of one caller keep their order. Never blocks: what
     * cannot be taken fails at once (OVERFLOW, DEGRADED, CLOSED, BAD_DRAFT). Dependents that are not asynchronous run on
     * the ledger's own thread and hold up everybody's next commit, so they must be quick.
     */
    CompletableFuture<Entry> append(Draft draft);

    /** How many drafts wait for the disk. */
    int waiting();

    /** The last entry on disk; empty if there is none. */
    Optional<Head> head();

    /** The last checkpoint on disk; at most a fraction of a second behind the head. */
    Checkpoint checkpoint();

    /**
     * The last checkpoint that was signed: what this process says are its own entries. The same as {@link #checkpoint},
     * unless that one could not be written.
     */
    default Checkpoint signed() {
        return checkpoint();
    }

    /** Writes what waits, signs the last checkpoint, and lets go of the files. */
    @Override
    void close();

    /**
     * The end of the chain.
     *
     * @param height of the last entry
     * @param hash of the last entry
     */
    record Head(long height, String hash) {}
}
