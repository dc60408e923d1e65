// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.events;

import java.util.List;

/**
 * Lines about events, one after the other, each a JSON object in UTF-8.
 *
 * @param first the number of the first of them
 */
public record NumberedLines(long first, List<byte[]> lines) {
    public NumberedLines {
        lines = List.copyOf(lines);
    }

    /** Returns the number of the line after these. */
    public long next() {
        return first + lines.size();
    }
}
