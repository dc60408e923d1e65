// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.output;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.opdbus.ledger.verify.Verifier;

/**
 * Draws the progress of a verification on a terminal, if it takes more than a second, and erases it
 * at the end.
 */
public final class ProgressBar implements Verifier.Progress, AutoCloseable {
    private static final long SHOWN_AFTER_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long REDRAWN_AFTER_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int WIDTH = 40;
    private static final long MIB = 1024 * 1024;
    /** Returns to the first column and clears from there (ECMA-48, EL). */
    private static final String CLEAR_LINE = "\r\033[K";

    private final PrintWriter terminal;
    private final LongSupplier nanoTime;
    private long next;
    private boolean drawn;

    public ProgressBar(PrintWriter terminal, LongSupplier nanoTime) {
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        next = nanoTime.getAsLong() + SHOWN_AFTER_NS;
    }

    @Override
    public void read(long bytes, long total) {
        long now = nanoTime.getAsLong();
        if (total <= 0 || now - next < 0) {
            return;
        }
        next = now + REDRAWN_AFTER_NS;
        drawn = true;
        int done = (int) (WIDTH * bytes / total);
        terminal.print(CLEAR_LINE
                + String.format(
                        Locale.ROOT,
                        "[%s%s] %3d %%  %d of %d MiB",
                        "#".repeat(done),
                        ".".repeat(WIDTH - done),
                        100 * bytes / total,
                        bytes / MIB,
                        total / MIB));
        terminal.flush();
    }

    @Override
    public void close() {
        if (drawn) {
            terminal.print(CLEAR_LINE);
            terminal.flush();
        }
    }
}
