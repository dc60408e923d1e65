// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import java.util.Set;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.read.EntryColumns;
import org.opdbus.verticles.control.EventFilter;

/** Prints one entry per line: as columns under a heading, or as the bytes on disk. */
final class EntryPrinter {
    private final ResultStream out;
    private final boolean json;
    private EventFilter filter;
    private final boolean withHost;
    private boolean printed;
    private long lastHeight;

    EntryPrinter(ResultStream out, boolean json) {
        this(out, json, new EventFilter(Set.of(), Set.of()), false);
    }

    /**
     * Returns a printer that prints only the entries that the filter accepts, with the host of each
     * if asked.
     */
    EntryPrinter(ResultStream out, boolean json, EventFilter filter, boolean withHost) {
        this.withHost = withHost;
        this.out = out;
        this.json = json;
        this.filter = filter;
    }

    boolean wantsAll() {
        return filter.kinds().isEmpty() && filter.subjects().isEmpty();
    }

    /** Returns whether the user wants it. Entries about workloads tell the ids of those that the user has named. */
    boolean wants(Entry entry) {
        filter = filter.knowing(entry.subject(), entry.data());
        return filter.accepts(entry.kind(), entry.subject());
    }

    void print(Entry entry) {
        lastHeight = entry.height();
        if (!wants(entry)) {
            return;
        }
        if (!json && !printed) {
            out.line(withHost ? EntryColumns.hostHeader() : EntryColumns.header());
        }
        if (json) {
            out.json(entry.line());
        } else {
            out.line(withHost ? EntryColumns.withHost(entry) : EntryColumns.of(entry));
        }
        printed = true;
    }

    boolean hasPrinted() {
        return printed;
    }

    /** Returns the height of the latest entry, printed or not; 0 if there was none. */
    long lastHeight() {
        return lastHeight;
    }
}
