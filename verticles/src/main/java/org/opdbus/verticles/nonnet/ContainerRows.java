// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rows of the table {@code lxc} of one host. Two hosts may have containers of one name, so another host's rows are kept
 * by both. For one thread.
 */
final class ContainerRows {
    private final Tables tables;
    private final Clock clock;
    private final String host;
    private final String prefix;
    private Set<String> keys = Set.of();
    private List<ContainerRow> last = List.of();

    /** Those of a host, of which there are none yet; a sibling's name is part of the keys of its rows. */
    ContainerRows(Tables tables, Clock clock, String host, boolean isSibling) {
        this.tables = tables;
        this.clock = clock;
        this.host = host;
        // No name has this character in it.
        prefix = isSibling ? host + '\0' : "";
    }

    /** Makes these be all of its rows. */
    void replace(List<ContainerRow> containers) {
        if (containers.equals(last)) {
            return;
        }
        last = List.copyOf(containers);
        Set<String> now = new HashSet<>();
        for (ContainerRow container : containers) {
            put(container);
            now.add(prefix + container.id());
        }
        keys.stream().filter(key -> !now.contains(key)).forEach(key -> tables.delete(Schema.LXC, key));
        keys = now;
    }

    private void put(ContainerRow container) {
        Datum running = Datum.of(container.running());
        Datum state = Datum.of(container.state());
        Datum since = tables.row(Schema.LXC, prefix + container.id())
                .filter(row ->
                        row.cell("running").equals(running) && row.cell("state").equals(state))
                .map(row -> row.cell("since"))
                .orElseGet(() ->
                        Datum.of(clock.instant().truncatedTo(ChronoUnit.MILLIS).toString()));
        tables.put(
                Schema.LXC,
                prefix + container.id(),
                Map.of(
                        "id", Datum.of(container.id()),
                        "veth", Datum.of(container.veth()),
                        "bridge", Datum.of(container.bridge()),
                        "running", running,
                        "properties", Datum.of(container.properties()),
                        "state", state,
                        "since", since,
                        "host", Datum.of(host),
                        "error", Datum.of(container.error())));
    }
}
