// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.events;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The latest lines about events, numbered from 1: at most {@value #LINES_MAX} lines and {@value #BYTES_MAX} bytes, of which the
 * oldest are dropped first. A number is never given twice. For one thread.
 */
final class EventRing {
    static final int LINES_MAX = 2_048;
    static final int BYTES_MAX = 1 << 20;

    private static final byte[] NOTHING = new byte[0];

    private final byte[][] lines = new byte[LINES_MAX][];
    private long first = 1;
    private long next = 1;
    private int bytes;

    /** Takes a line, in UTF-8. */
    void add(byte[] line) {
        if (next - first == LINES_MAX) {
            drop();
        }
        lines[place(next)] = line;
        next++;
        bytes += line.length;
        while (bytes > BYTES_MAX) {
            drop();
        }
    }

    private void drop() {
        int oldest = place(first);
        bytes -= lines[oldest].length;
        lines[oldest] = NOTHING;
        first++;
    }

    /** Drops all lines. One number is skipped, so that readers see that they may have missed lines that nobody has counted. */
    void interrupt() {
        Arrays.fill(lines, NOTHING);
        next++;
        first = next;
        bytes = 0;
    }

    /** Returns the number of the oldest line that is held, or that of the next line if none is. */
    long first() {
        return first;
    }

    /** Returns the number of the next line. */
    long next() {
        return next;
    }

    /**
     * Returns lines from a number on: those that are held of them, up to {@code end}, which are not longer together than given, but at
     * least one.
     *
     * @param end the number of the line before which it stops
     * @param each what to count for each line besides its own length
     */
    NumberedLines from(long number, long end, int bytesMax, int each) {
        long from = Math.max(number, first);
        List<byte[]> some = new ArrayList<>();
        int size = 0;
        for (long at = from; at < Math.min(end, next); at++) {
            byte[] line = lines[place(at)];
            size += line.length + each;
            if (!some.isEmpty() && size > bytesMax) {
                break;
            }
            some.add(line);
        }
        return new NumberedLines(from, some);
    }

    private static int place(long number) {
        return (int) (number % LINES_MAX);
    }
}
