// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A ledger opened for writing. Safe for use by any thread. */
public interface Ledger extends AutoCloseable {
    /**
     * Records a draft.
     *
     * <p>Completes with the entry when it is on disk; the entries of one caller keep their order. Never blocks: a
     * draft that cannot be accepted fails at once (OVERFLOW, DEGRADED, CLOSED, BAD_DRAFT). Dependents that are not
     * asynchronous run on the ledger's own thread and delay the next commit of every caller, so they must be quick.
     */
    CompletableFuture<Entry> append(Draft draft);

    /** Returns how many drafts wait for the disk. */
    int waiting();

    /** Returns the last entry on disk; empty if there is none. */
    Optional<Head> head();

    /** Returns the last checkpoint on disk; at most a fraction of a second behind the head. */
    Checkpoint checkpoint();

    /**
     * Returns the last checkpoint that was signed: what this process declares to be its own entries. It equals {@link
     * #checkpoint}, unless that one could not be written.
     */
    default Checkpoint signed() {
        return checkpoint();
    }

    /** Writes what waits, signs the last checkpoint, and closes the files. */
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
