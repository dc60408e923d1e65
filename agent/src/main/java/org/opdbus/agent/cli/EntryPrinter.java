// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.util.Set;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.EntryColumns;
import org.opdbus.verticles.control.EventFilter;

/** Prints entries one a line: as columns under a heading, or as they stand on disk. */
final class EntryPrinter {
    private final ResultStream out;
    private final boolean json;
    private final EventFilter filter;
    private final boolean withHost;
    private boolean printed;
    private long lastHeight;

    EntryPrinter(ResultStream out, boolean json) {
        this(out, json, new EventFilter(Set.of(), Set.of()), false);
    }

    /** One that prints only what the filter accepts, and the host of each if it is asked to. */
    EntryPrinter(ResultStream out, boolean json, EventFilter filter, boolean withHost) {
        this.withHost = withHost;
        this.out = out;
        this.json = json;
        this.filter = filter;
    }

    boolean wantsAll() {
        return filter.kinds().isEmpty() && filter.subjects().isEmpty();
    }

    boolean wants(Entry entry) {
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

    /** The height of the entry that came last, printed or not; 0 if there was none. */
    long lastHeight() {
        return lastHeight;
    }
}
