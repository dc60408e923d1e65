// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code /proc/PID/stat} says of a process (proc(5)). The name of its program stands in that line, in parentheses,
 * and a process may choose any bytes for it.
 *
 * @param state {@code Z} for a process that has ended and was not waited for; see {@link #isAlive}
 * @param parent its parent's number
 * @param started when it was started, in the kernel's ticks since the boot: tells it from a later process of its number
 */
public record ProcessStat(String state, long parent, String started) {
    private static final int STATE = 0;
    private static final int PARENT = 1;
    private static final int STARTED = 19;
    /** More than the kernel writes: 52 numbers, and a name of at most 64 bytes. */
    private static final int BYTES_MAX = 4_096;

    /** Reads it from {@code /proc}; empty if there is no such process. */
    public static Optional<ProcessStat> of(long pid) {
        try {
            return parse(ProcText.read(Path.of("/proc", Long.toString(pid), "stat"), BYTES_MAX));
        } catch (IOException ended) {
            return Optional.empty();
        }
    }

    /** Parses the file's text; empty if it is not such a line. Parsing begins after the name's last parenthesis. */
    static Optional<ProcessStat> parse(String text) {
        int end = text.lastIndexOf(") ");
        if (end < 0) {
            return Optional.empty();
        }
        String[] fields = text.substring(end + 2).strip().split(" ", -1);
        boolean isWhole = fields.length > STARTED
                && fields[PARENT].matches("[0-9]{1,10}")
                && fields[STARTED].matches("[0-9]{1,20}");
        return isWhole
                ? Optional.of(new ProcessStat(fields[STATE], Long.parseLong(fields[PARENT]), fields[STARTED]))
                : Optional.empty();
    }

    /** Returns whether it still runs, and not only waits for its parent to take note of its end. */
    public boolean isAlive() {
        return !state.equals("Z") && !state.equals("X");
    }
}
