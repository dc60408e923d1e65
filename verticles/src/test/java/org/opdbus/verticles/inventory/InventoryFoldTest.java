// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.EnrollmentEvent.ContainerLeft;
import org.opdbus.events.EnrollmentEvent.EnrollmentLost;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.events.LedgerEvent.LedgerDegraded;
import org.opdbus.events.LedgerEvent.LedgerRecovered;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.LinkEvent.LinkChanged;
import org.opdbus.events.LinkEvent.LinkVanished;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.events.PortEvent.BridgeAdded;
import org.opdbus.events.PortEvent.BridgeChanged;
import org.opdbus.events.PortEvent.BridgeRemoved;
import org.opdbus.events.PortEvent.PortAdded;
import org.opdbus.events.PortEvent.PortChanged;
import org.opdbus.events.PortEvent.PortRemoved;
import org.opdbus.verticles.inventory.HostFacts.Heard;

class InventoryFoldTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final ContainerId ID = new ContainerId("100");

    private final LiveInventory live = new LiveInventory(HostFacts.atStart("here", "1", NOW));
    private final InventoryFold fold = new InventoryFold(live, Clock.fixed(NOW, ZoneOffset.UTC));

    private static Link link(int index, String name) {
        return new Link(index, new LinkName(name), List.of(), "veth", Optional.empty(), 2, 0, 0, true, true);
    }

    private static Port port(String uuid, int ofport) {
        return new Port(
                uuid,
                "vi100",
                "br0",
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                Map.of(),
                "",
                ofport,
                Optional.empty());
    }

    private static ContainerEnrolled enrolled(String enrollment) {
        return new ContainerEnrolled(
                ID,
                enrollment,
                new LinkName("vi100"),
                7,
                "br0",
                Optional.of(42),
                Optional.empty(),
                Optional.empty(),
                11,
                Optional.empty(),
                false);
    }

    @Test
    void links_come_change_and_go_by_their_index() {
        fold.apply(new LinkAppeared(link(3, "a")));
        fold.apply(new LinkChanged(link(3, "a"), link(3, "b")));
        assertThat(live.current().links().values()).containsExactly(link(3, "b"));
        fold.apply(new LinkVanished(link(3, "b")));
        assertThat(live.current().links().size()).isZero();
    }

    @Test
    void a_port_that_replaces_one_of_its_name_outlives_it() {
        fold.apply(new PortAdded(port("u1", 1)));
        fold.apply(new PortAdded(port("u2", 0)));
        fold.apply(new PortRemoved(port("u1", 1)));
        fold.apply(new PortChanged(port("u2", 0), port("u2", 2)));
        assertThat(live.current().ports().values()).containsExactly(port("u2", 2));
    }

    @Test
    void bridges_come_change_and_go() {
        fold.apply(new BridgeAdded(new Bridge("br0", "system")));
        fold.apply(new BridgeChanged(new Bridge("br0", "system"), new Bridge("br1", "netdev")));
        assertThat(live.current().bridges().values()).containsExactly(new Bridge("br1", "netdev"));
        fold.apply(new BridgeRemoved(new Bridge("br1", "netdev")));
        assertThat(live.current().bridges().size()).isZero();
    }

    @Test
    void an_enrolment_has_the_height_of_its_entry_whichever_of_the_two_is_heard_first() {
        fold.apply(enrolled("e-1"));
        fold.apply(new EntryCommitted(17, "abc", enrolled("e-1")));
        fold.apply(new EntryCommitted(18, "abd", enrolled("e-2")));
        fold.apply(enrolled("e-2"));
        assertThat(live.current().enrollments().get("e-1").orElseThrow().height())
                .contains(17L);
        assertThat(live.current().enrollments().get("e-2").orElseThrow().height())
                .contains(18L);
        assertThat(live.current().host().ledger().height()).contains(18L);
        assertThat(live.current().host().ledger().hash()).contains("abd");

        fold.apply(new ContainerLeft(ID, "e-1", "vi100", "br0", "it stopped", false));
        fold.apply(new EnrollmentLost(ID, "e-2", "vi100", "br0", "the port is gone"));
        assertThat(live.current().enrollments().size()).isZero();
    }

    @Test
    void the_agent_is_ready_when_all_is_heard_and_the_ledger_takes_entries() {
        assertThat(live.current().host().isReady()).isFalse();
        for (Source source : Source.values()) {
            fold.apply(new SourceListed(source, 0));
        }
        assertThat(live.current().host().isReady()).isTrue();
        fold.apply(new SourceLost(Source.OVSDB, "it is gone"));
        assertThat(live.current().host().source(Source.OVSDB).heard()).isEqualTo(Heard.LOST);
        assertThat(live.current().host().source(Source.OVSDB).reason()).isEqualTo("it is gone");
        fold.apply(new SourceListed(Source.OVSDB, 0));
        fold.apply(new LedgerDegraded("the disk is full"));
        assertThat(live.current().host().isReady()).isFalse();
        fold.apply(new LedgerRecovered(2));
        assertThat(live.current().host().isReady()).isTrue();
    }
}
