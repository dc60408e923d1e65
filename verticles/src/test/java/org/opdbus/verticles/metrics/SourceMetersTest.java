// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Event;
import org.opdbus.verticles.inventory.ContainerTally;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.HostFacts.Heard;
import org.opdbus.verticles.inventory.HostFacts.LedgerStanding;
import org.opdbus.verticles.inventory.HostFacts.SourceStanding;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.SnapshotMap;

class SourceMetersTest {
    private static final HostFacts START = HostFacts.atStart("here", "1", Instant.EPOCH);

    private final Meters meters = new Meters();

    @AfterEach
    void close() {
        meters.close();
    }

    /** The fact comes on the bus, and from there into the inventory. */
    private void hear(Event fact, Heard heard) {
        meters.hear(fact);
        take(Map.of(Source.DOCKER, new SourceStanding(heard, "")), Map.of());
    }

    private void take(Map<Source, SourceStanding> sources, Map<Kind, Integer> kinds) {
        LedgerStanding ledger = START.ledger();
        meters.take(new Inventory(
                1,
                new HostFacts("here", "1", Instant.EPOCH, sources, ledger),
                SnapshotMap.empty(),
                SnapshotMap.empty(),
                SnapshotMap.empty(),
                SnapshotMap.empty(),
                SnapshotMap.empty(),
                SnapshotMap.empty(),
                SnapshotMap.empty(),
                new ContainerTally(0, 0, Map.of(), kinds)));
    }

    @Test
    void a_source_that_not_every_host_has_is_a_series_only_once_it_was_heard() {
        meters.take(Inventory.of(START));
        assertThat(meters.text())
                .contains(
                        "op_dbus_source_listed{source=\"lxc\"} 0.0",
                        "op_dbus_source_losses_total{source=\"ovsdb\"} 0.0")
                .doesNotContain("docker", "podman", "source=\"vm\"");

        hear(new SourceListed(Source.DOCKER, 3), Heard.LISTED);
        assertThat(meters.text())
                .contains(
                        "op_dbus_source_listed{source=\"docker\"} 1.0",
                        "op_dbus_source_listings_total{source=\"docker\"} 1.0",
                        "op_dbus_source_losses_total{source=\"docker\"} 0.0",
                        "op_dbus_source_reconnects_total{source=\"docker\"} 0.0")
                .doesNotContain("podman");

        hear(new SourceLost(Source.DOCKER, "the socket was closed"), Heard.LOST);
        hear(new SourceListed(Source.DOCKER, 3), Heard.LISTED);
        assertThat(meters.text())
                .contains(
                        "op_dbus_source_losses_total{source=\"docker\"} 1.0",
                        "op_dbus_source_reconnects_total{source=\"docker\"} 1.0");
    }

    @Test
    void what_runs_is_counted_by_kind_and_a_kind_that_was_never_seen_is_no_series() {
        meters.take(Inventory.of(START));
        assertThat(workloads()).containsExactly("op_dbus_workloads{kind=\"lxc\"} 0.0");
        take(START.sources(), Map.of(Kind.LXC, 12, Kind.PODMAN, 0, Kind.VM, 4));
        assertThat(workloads())
                .containsExactlyInAnyOrder(
                        "op_dbus_workloads{kind=\"lxc\"} 12.0",
                        "op_dbus_workloads{kind=\"podman\"} 0.0",
                        "op_dbus_workloads{kind=\"vm\"} 4.0");
    }

    private List<String> workloads() {
        return meters.text()
                .lines()
                .filter(line -> line.startsWith("op_dbus_workloads{"))
                .toList();
    }
}
