// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import org.opdbus.ledger.Entry;
import org.opdbus.ledger.EntryColumns;

/** Prints entries one a line: as columns under a heading, or as they stand on disk. */
final class EntryPrinter {
    private final ResultStream out;
    private final boolean json;
    private boolean printed;
    private long lastHeight;

    EntryPrinter(ResultStream out, boolean json) {
        this.out = out;
        this.json = json;
    }

    void print(Entry entry) {
        if (!json && !printed) {
            out.line(EntryColumns.header());
        }
        out.line(json ? entry.line() : EntryColumns.of(entry));
        printed = true;
        lastHeight = entry.height();
    }

    boolean hasPrinted() {
        return printed;
    }

    /** The height of the entry printed last; 0 if there was none. */
    long lastHeight() {
        return lastHeight;
    }
}
