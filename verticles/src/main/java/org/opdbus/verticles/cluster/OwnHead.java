// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.util.Random;
import java.util.function.LongSupplier;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.Ledger;
import org.opdbus.verticles.cluster.wire.Message;

/** Says how far this host's ledger has come: makes its heads, numbers them, and knows when the next one is due. For one thread. */
final class OwnHead {
    private final ClusterOptions options;
    private final Ledger ledger;
    private final LongSupplier table;
    private final HeadPace pace;
    private long run;
    private long base;
    private long count;

    /**
     * Makes no head before {@link #begin}.
     *
     * @param table returns the number of this host's table of containers
     */
    OwnHead(ClusterOptions options, Ledger ledger, LongSupplier table) {
        this.options = options;
        this.ledger = ledger;
        this.table = table;
        pace = new HeadPace(options.beatMs(), new Random());
    }

    /**
     * Begins the heads of a run.
     *
     * @param height the ledger's height when the run began
     */
    void begin(long number, long height) {
        run = number;
        base = height;
    }

    long run() {
        return run;
    }

    /** Returns the ledger's present height. */
    long height() {
        return ledger.head().map(Ledger.Head::height).orElse(0L);
    }

    boolean isDue(long nowMs) {
        return pace.isDue(nowMs);
    }

    /**
     * Returns another head, to be shown to all hosts now; the next one is due an interval later.
     *
     * @param hosts the number of hosts that are up, with this one
     */
    Message.LedgerHead forAll(int hosts, long nowMs) {
        pace.shown(hosts, nowMs);
        return next();
    }

    /** Returns another head. */
    Message.LedgerHead next() {
        Checkpoint checkpoint = ledger.checkpoint();
        // After a power failure the last checkpoint on disk may be older than one that was sent;
        // the next one follows in a moment.
        String note = checkpoint.size() < base ? "" : checkpoint.note();
        return new Message.LedgerHead(
                options.host(),
                run,
                ++count,
                base,
                height(),
                options.version(),
                note,
                options.key(),
                table.getAsLong(),
                pace.promisedMs());
    }
}
