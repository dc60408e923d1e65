// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.opdbus.ledger.read.EntryFilter;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.verticles.commit.Boot;
import org.opdbus.verticles.commit.OpenEnrollments;

/** The open enrolments of a ledger, for a command that compares them with the host. */
public final class RecordedEnrollments {
    private RecordedEnrollments() {}

    /**
     * One of them.
     *
     * @param vlan the access VLAN; empty text for none
     * @param height the height of its entry
     */
    public record Recorded(String container, String link, String bridge, String vlan, long height) {}

    /** Reads the whole ledger in this folder; memory grows only with the number of open enrolments. */
    public static List<Recorded> read(Path ledger) {
        OpenEnrollments open = new OpenEnrollments(new Boot(Instant.MIN, ""));
        LedgerReader.of(ledger).search(EntryFilter.ALL, open::add);
        return open.open().stream()
                .map(one -> new Recorded(
                        one.container().value(),
                        one.port(),
                        one.bridge(),
                        one.vlan().map(Object::toString).orElse(""),
                        one.entry().orElse(0L)))
                .toList();
    }
}
