// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Folds what is known of other hosts into {@link Tables}: their rows in {@code host} and {@code lxc}. For one thread. */
final class SiblingTables {
    private final Tables tables;
    private final Clock clock;
    private final String self;
    private final Map<String, ContainerRows> containers = new HashMap<>();

    /** No other hosts yet. */
    SiblingTables(Tables tables, Clock clock, String self) {
        this.tables = tables;
        this.clock = clock;
        this.self = self;
    }

    /** Makes these be all of the other hosts. */
    void replace(List<SiblingRow> siblings) {
        Set<String> gone = new HashSet<>(containers.keySet());
        for (SiblingRow sibling : siblings) {
            // Whoever claims this host's name does not replace what this host knows of itself.
            if (!sibling.host().equals(self)) {
                gone.remove(sibling.host());
                put(sibling);
                containers
                        .computeIfAbsent(sibling.host(), host -> new ContainerRows(tables, clock, host, true))
                        .replace(sibling.containers());
            }
        }
        for (String host : gone) {
            Optional.ofNullable(containers.remove(host)).ifPresent(rows -> rows.replace(List.of()));
            tables.delete(Schema.HOST, host);
        }
    }

    private void put(SiblingRow sibling) {
        tables.put(
                Schema.HOST,
                sibling.host(),
                Map.of(
                        "name", Datum.of(sibling.host()),
                        "version", Datum.of(sibling.version()),
                        "started", Datum.of(""),
                        "sources", Datum.of(Map.of()),
                        "ledger_height", Datum.ofNumber(Optional.of(sibling.ledgerHeight())),
                        "ledger_hash", Datum.of(Optional.empty()),
                        "ledger_error", Datum.of(Optional.empty()),
                        "state", Datum.of(sibling.state()),
                        "last_seen",
                                Datum.of(Optional.of(sibling.lastSeen()
                                        .truncatedTo(ChronoUnit.MILLIS)
                                        .toString()))));
    }
}
