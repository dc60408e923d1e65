// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
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

class HostTablesTest {
    private final Tables tables = new Tables("here");
    private final HandSetClock clock = new HandSetClock();
    private final HostTables host = new HostTables(tables, clock, "here", "1.2.3");

    /** A clock that moves when it is told to. */
    private static final class HandSetClock extends Clock {
        private Instant now = Instant.parse("2026-01-02T03:04:05Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }

        void pass() {
            now = now.plusSeconds(1);
        }
    }

    private JsonObject only(TableSchema table) {
        assertThat(tables.rows(table)).hasSize(1);
        TableRow row = tables.rows(table).iterator().next();
        return row.toJson(table.columns().keySet().stream()
                .filter(column -> !column.startsWith("_"))
                .toList());
    }

    private static JsonObject json(String text) {
        return new JsonObject(text);
    }

    @Test
    void links_are_shown_as_they_are() {
        Link bare = new Link(3, new LinkName("lo"), List.of(), "", Optional.empty(), 0, -1, 0, false, false);
        host.apply(new LinkAppeared(bare));
        assertThat(only(Schema.LINK)).isEqualTo(json("""
                        {"index":3,"name":"lo","alt_names":["set",[]],"kind":"","mac":["set",[]],"peer_index":["set",[]],
                         "peer_namespace":["set",[]],"master":["set",[]],"up":false,"carrier":false}"""));

        Link full = new Link(
                3,
                new LinkName("eth0"),
                List.of("b", "a"),
                "veth",
                Optional.of("02:00:00:00:00:01"),
                5,
                0,
                9,
                true,
                true);
        host.apply(new LinkChanged(bare, full));
        assertThat(only(Schema.LINK)).isEqualTo(json("""
                        {"index":3,"name":"eth0","alt_names":["set",["a","b"]],"kind":"veth","mac":"02:00:00:00:00:01",
                         "peer_index":5,"peer_namespace":0,"master":9,"up":true,"carrier":true}"""));

        host.apply(new LinkVanished(full));
        assertThat(tables.rows(Schema.LINK)).isEmpty();
    }

    @Test
    void a_port_that_is_replaced_by_one_of_its_name_is_still_there() {
        Port before = NonNetLab.port("vi100", 11);
        Port after = NonNetLab.port("vi100", 12);
        host.apply(new PortAdded(before));
        host.apply(new PortAdded(after));
        host.apply(new PortRemoved(before));
        assertThat(only(Schema.PORT)).isEqualTo(json("""
                        {"name":"vi100","bridge":"vmbr0","tag":42,"trunks":["set",[5,7]],"vlan_mode":["set",[]],
                         "external_ids":["map",[["op-dbus:container","100"],["op-dbus:owner","here"]]],"ofport":12,
                         "error":["set",[]],"type":""}"""));
    }

    @Test
    void an_ofport_that_is_not_known_yet_is_absent_and_one_that_failed_is_not() {
        Port waiting = port("p", 0);
        host.apply(new PortAdded(waiting));
        assertThat(only(Schema.PORT).getJsonArray("ofport").getJsonArray(1)).isEmpty();
        host.apply(new PortChanged(waiting, port("p", -1)));
        assertThat(only(Schema.PORT).getInteger("ofport")).isEqualTo(-1);
    }

    private static Port port(String name, int ofport) {
        return new Port(
                "u",
                name,
                "vmbr0",
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                Map.of(),
                "",
                ofport,
                Optional.empty());
    }

    @Test
    void bridges_are_shown_as_they_are() {
        Bridge before = new Bridge("br0", "system");
        Bridge after = new Bridge("br0", "netdev");
        host.apply(new BridgeAdded(before));
        host.apply(new BridgeChanged(before, after));
        assertThat(only(Schema.BRIDGE)).isEqualTo(json("{\"name\":\"br0\",\"datapath_type\":\"netdev\"}"));
        host.apply(new BridgeRemoved(after));
        assertThat(tables.rows(Schema.BRIDGE)).isEmpty();
    }

    @Test
    void an_enrollment_gets_the_height_of_its_entry_and_keeps_it_and_its_time() {
        ContainerEnrolled fact = NonNetLab.enrolled("100", "e-1");
        host.apply(fact);
        assertThat(only(Schema.ENROLLMENT)).isEqualTo(json("""
                        {"enrollment":"e-1","container":"100","link":"vi100","bridge":"vmbr0","vlan":42,
                         "mac":"02:00:00:00:00:01","ofport":11,"since":"2026-01-02T03:04:05Z","height":["set",[]]}"""));

        clock.pass();
        host.apply(new EntryCommitted(17, "abc", fact));
        host.apply(fact);
        assertThat(only(Schema.ENROLLMENT).getInteger("height")).isEqualTo(17);
        assertThat(only(Schema.ENROLLMENT).getString("since")).isEqualTo("2026-01-02T03:04:05Z");
    }

    @Test
    void a_height_that_comes_before_its_enrollment_is_kept_for_it() {
        ContainerEnrolled fact = NonNetLab.enrolled("100", "e-1");
        host.apply(new EntryCommitted(17, "abc", fact));
        assertThat(tables.rows(Schema.ENROLLMENT)).isEmpty();
        host.apply(fact);
        assertThat(only(Schema.ENROLLMENT).getInteger("height")).isEqualTo(17);
    }

    @Test
    void an_enrollment_ends_by_leaving_or_by_being_lost() {
        ContainerId id = new ContainerId("100");
        host.apply(NonNetLab.enrolled("100", "e-1"));
        host.apply(NonNetLab.enrolled("100", "e-2"));
        host.apply(new ContainerLeft(id, "e-1", "vi100", "vmbr0", "it stopped", false));
        assertThat(only(Schema.ENROLLMENT).getString("enrollment")).isEqualTo("e-2");
        host.apply(new EnrollmentLost(id, "e-2", "vi100", "vmbr0", "the port is gone"));
        assertThat(tables.rows(Schema.ENROLLMENT)).isEmpty();
    }

    @Test
    void the_host_shows_its_sources_and_its_ledger() {
        assertThat(only(Schema.HOST)).isEqualTo(json("""
                        {"name":"here","version":"1.2.3","started":"2026-01-02T03:04:05Z",
                         "sources":["map",[["lxc","awaited"],["netlink","awaited"],["ovsdb","awaited"]]],
                         "ledger_height":["set",[]],"ledger_hash":["set",[]],"ledger_error":["set",[]],"state":"self",
                         "last_seen":["set",[]]}"""));

        host.apply(new SourceListed(Source.NETLINK, 3));
        host.apply(new SourceLost(Source.OVSDB, "it is gone"));
        host.apply(new EntryCommitted(17, "abc", NonNetLab.enrolled("100", "e-1")));
        host.apply(new LedgerDegraded("the disk is full"));
        assertThat(only(Schema.HOST)).isEqualTo(json("""
                        {"name":"here","version":"1.2.3","started":"2026-01-02T03:04:05Z",
                         "sources":["map",[["lxc","awaited"],["netlink","listed"],["ovsdb","lost"]]],
                         "ledger_height":17,"ledger_hash":"abc","ledger_error":"the disk is full","state":"self",
                         "last_seen":["set",[]]}"""));
        host.apply(new LedgerRecovered(2));
        assertThat(only(Schema.HOST).getJsonArray("ledger_error").getJsonArray(1))
                .isEmpty();
    }

    @Test
    void a_container_is_since_when_its_state_changed_and_goes_when_it_is_not_named() {
        host.containers(List.of(NonNetLab.container("100", true), NonNetLab.container("101", true)));
        clock.pass();
        host.containers(List.of(NonNetLab.container("100", true)));
        assertThat(only(Schema.LXC)).isEqualTo(json("""
                        {"id":"100","veth":"vi100","bridge":"vmbr0","running":true,
                         "properties":["map",[["ipv4","192.168.1.100/24"],["network_type","bridge"]]],
                         "state":"enrolled","since":"2026-01-02T03:04:05Z","host":"here","error":["set",[]]}"""));
        host.containers(List.of(NonNetLab.container("100", false)));
        assertThat(only(Schema.LXC).getString("since")).isEqualTo("2026-01-02T03:04:06Z");
    }

    @Test
    void only_facts_that_concern_a_container_say_so() {
        host.containers(List.of(NonNetLab.container("100", true)));
        Link strange = NonNetLab.link(9, "eth9");
        Link ours = NonNetLab.link(7, "vi100");
        Link alsoOurs =
                new Link(8, new LinkName("veth100i0"), List.of("vi100"), "veth", Optional.empty(), 2, 0, 0, true, true);

        assertThat(host.apply(new LinkAppeared(strange))).isFalse();
        assertThat(host.apply(new LinkVanished(strange))).isFalse();
        assertThat(host.apply(new LinkAppeared(ours))).isTrue();
        assertThat(host.apply(new LinkAppeared(alsoOurs))).isTrue();
        assertThat(host.apply(new LinkChanged(ours, NonNetLab.link(7, "renamed"))))
                .isTrue();
        assertThat(host.apply(new PortAdded(port("eth9", 1)))).isFalse();
        assertThat(host.apply(new PortAdded(port("vi100", 1)))).isTrue();
        assertThat(host.apply(new PortRemoved(NonNetLab.port("renamed", 1)))).isTrue();
        assertThat(host.apply(new BridgeAdded(new Bridge("br0", "system")))).isFalse();
        assertThat(host.apply(NonNetLab.enrolled("100", "e-1"))).isTrue();
        assertThat(host.apply(new EntryCommitted(1, "a", NonNetLab.enrolled("100", "e-1"))))
                .isFalse();
        assertThat(host.apply(new SourceListed(Source.LXC, 1))).isTrue();
        assertThat(host.apply(new SourceListed(Source.LXC, 1))).isFalse();
    }
}
