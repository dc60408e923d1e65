// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Prints the steps of an apply as they happen. On a terminal, once the apply takes more than a
 * second, a last line shows the elapsed time; it is erased at the end.
 */
public final class ApplyProgressText implements Consumer<JsonNode>, AutoCloseable {
    /** Returns to the first column and clears from there (ECMA-48, EL). */
    private static final String CLEAR_LINE = "\r\033[K";

    private static final long SECOND_MS = 1_000;

    private final ResultStream out;
    private final PrintWriter err;
    private final boolean drawn;
    private final Timer clock = new Timer("op-dbus-clock", true);
    private final long begin = System.nanoTime();

    public ApplyProgressText(ResultStream out, PrintWriter err, boolean errIsTerminal) {
        this.out = out;
        this.err = err;
        drawn = errIsTerminal;
        if (errIsTerminal) {
            clock.schedule(
                    new TimerTask() {
                        @Override
                        public void run() {
                            draw();
                        }
                    },
                    SECOND_MS,
                    SECOND_MS);
        }
    }

    private synchronized void draw() {
        err.print(CLEAR_LINE + "working for " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin) + " s");
        err.flush();
    }

    @Override
    public synchronized void accept(JsonNode said) {
        clear();
        if (said.has("note")) {
            err.println("op-dbus: " + said.path("note").asText());
            err.flush();
        } else {
            out.line(said.path("done").asText());
            out.flush();
        }
    }

    private void clear() {
        if (drawn) {
            err.print(CLEAR_LINE);
            err.flush();
        }
    }

    @Override
    public void close() {
        clock.cancel();
        synchronized (this) {
            clear();
        }
    }
}
