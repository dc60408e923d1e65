// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.ledger.read.EntryColumns;

/** Prints one event per line: as columns under a heading, or as JSON objects. */
final class EventPrinter {
    private final ResultStream out;
    private final boolean json;
    private final boolean withHost;
    private boolean begun;

    EventPrinter(ResultStream out, boolean json, boolean withHost) {
        this.out = out;
        this.json = json;
        this.withHost = withHost;
    }

    void print(ShownEvent event) {
        if (json) {
            out.json(event.json());
            return;
        }
        if (!begun) {
            out.line(withHost ? EntryColumns.hostEventHeader() : EntryColumns.eventHeader());
            begun = true;
        }
        out.line(event.columns(withHost));
    }
}
