// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.HostFacts.Heard;
import org.opdbus.verticles.inventory.HostFacts.LedgerStanding;
import org.opdbus.verticles.inventory.HostFacts.SourceStanding;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.InventoryChange;
import org.opdbus.verticles.inventory.KnownContainer;
import org.opdbus.verticles.inventory.KnownEnrollment;
import org.opdbus.verticles.inventory.KnownLab;
import org.opdbus.verticles.inventory.MeshMembership;
import org.opdbus.verticles.inventory.SnapshotMap;

class HostTablesTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final Tables tables = new Tables("here");
    private final HostTables host = new HostTables(tables, new PeerRows(tables, Clock.systemUTC()));
    private final Inventory nothing = Inventory.of(HostFacts.atStart("here", "1.2.3", NOW));
    private Inventory now = nothing;

    private void see(Inventory next) {
        host.apply(new InventoryChange(now, next));
        now = next;
    }

    private Inventory with(SnapshotMap<Integer, Link> links, SnapshotMap<String, Port> ports) {
        return new Inventory(
                now.version() + 1,
                now.host(),
                now.containers(),
                links,
                ports,
                now.bridges(),
                now.enrollments(),
                now.peers(),
                now.labs(),
                now.tally());
    }

    private void links(Link... all) {
        SnapshotMap<Integer, Link> links = SnapshotMap.empty();
        for (Link link : all) {
            links = links.with(link.index(), link);
        }
        see(with(links, now.ports()));
    }

    private void ports(Port... all) {
        SnapshotMap<String, Port> ports = SnapshotMap.empty();
        for (Port port : all) {
            ports = ports.with(port.uuid(), port);
        }
        see(with(now.links(), ports));
    }

    private void see(
            SnapshotMap<ContainerId, KnownContainer> containers,
            SnapshotMap<String, Bridge> bridges,
            SnapshotMap<String, KnownEnrollment> enrollments) {
        see(new Inventory(
                now.version() + 1,
                now.host(),
                containers,
                now.links(),
                now.ports(),
                bridges,
                enrollments,
                now.peers(),
                now.labs(),
                now.tally()));
    }

    private static SnapshotMap<ContainerId, KnownContainer> only(ContainerStatus status) {
        return SnapshotMap.<ContainerId, KnownContainer>empty()
                .with(status.id(), new KnownContainer(status, NonNetLab.wanted(status.id()), MeshMembership.NONE, NOW));
    }

    private static SnapshotMap<ContainerId, KnownContainer> container(boolean running) {
        ContainerId id = new ContainerId("100");
        return SnapshotMap.<ContainerId, KnownContainer>empty()
                .with(
                        id,
                        new KnownContainer(
                                NonNetLab.container("100", running), NonNetLab.wanted(id), MeshMembership.NONE, NOW));
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
        links(bare);
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
        links(full);
        assertThat(only(Schema.LINK)).isEqualTo(json("""
                        {"index":3,"name":"eth0","alt_names":["set",["a","b"]],"kind":"veth","mac":"02:00:00:00:00:01",
                         "peer_index":5,"peer_namespace":0,"master":9,"up":true,"carrier":true}"""));

        links();
        assertThat(tables.rows(Schema.LINK)).isEmpty();
    }

    @Test
    void a_port_that_is_replaced_by_one_of_its_name_is_still_there() {
        Port before = NonNetLab.port("vi100", 11);
        Port after = NonNetLab.port("vi100", 12);
        ports(before);
        ports(before, after);
        assertThat(tables.rows(Schema.PORT)).hasSize(2);
        ports(after);
        assertThat(only(Schema.PORT)).isEqualTo(json("""
                        {"name":"vi100","bridge":"vmbr0","tag":42,"trunks":["set",[5,7]],"vlan_mode":["set",[]],
                         "external_ids":["map",[["op-dbus:container","100"],["op-dbus:owner","here"]]],"ofport":12,
                         "error":["set",[]],"type":""}"""));
    }

    @Test
    void an_ofport_that_is_not_known_yet_is_absent_and_one_that_failed_is_not() {
        ports(port("p", 0));
        assertThat(only(Schema.PORT).getJsonArray("ofport").getJsonArray(1)).isEmpty();
        ports(port("p", -1));
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
        SnapshotMap<String, Bridge> none = SnapshotMap.empty();
        see(SnapshotMap.empty(), none.with("br0", new Bridge("br0", "system")), SnapshotMap.empty());
        see(SnapshotMap.empty(), none.with("br0", new Bridge("br0", "netdev")), SnapshotMap.empty());
        assertThat(only(Schema.BRIDGE)).isEqualTo(json("{\"name\":\"br0\",\"datapath_type\":\"netdev\"}"));
        see(SnapshotMap.empty(), none, SnapshotMap.empty());
        assertThat(tables.rows(Schema.BRIDGE)).isEmpty();
    }

    @Test
    void an_enrollment_is_shown_with_its_time_and_the_height_of_its_entry() {
        SnapshotMap<String, KnownEnrollment> none = SnapshotMap.empty();
        ContainerEnrolled fact = NonNetLab.enrolled("100", "e-1");
        see(
                SnapshotMap.empty(),
                SnapshotMap.empty(),
                none.with("e-1", new KnownEnrollment(fact, NOW, Optional.empty())));
        assertThat(only(Schema.ENROLLMENT)).isEqualTo(json("""
                        {"enrollment":"e-1","container":"100","link":"vi100","bridge":"vmbr0","vlan":42,
                         "mac":"02:00:00:00:00:01","ofport":11,"since":"2026-01-02T03:04:05Z","height":["set",[]]}"""));
        see(
                SnapshotMap.empty(),
                SnapshotMap.empty(),
                none.with("e-1", new KnownEnrollment(fact, NOW, Optional.of(17L))));
        assertThat(only(Schema.ENROLLMENT).getInteger("height")).isEqualTo(17);
        see(SnapshotMap.empty(), SnapshotMap.empty(), none);
        assertThat(tables.rows(Schema.ENROLLMENT)).isEmpty();
    }

    @Test
    void the_host_shows_its_sources_and_its_ledger() {
        host.apply(InventoryChange.fromNothing(nothing));
        assertThat(only(Schema.HOST)).isEqualTo(json("""
                        {"name":"here","version":"1.2.3","started":"2026-01-02T03:04:05Z",
                         "sources":["map",[["lxc","awaited"],["netlink","awaited"],["ovsdb","awaited"]]],
                         "ledger_height":["set",[]],"ledger_hash":["set",[]],"ledger_error":["set",[]],"state":"self",
                         "last_seen":["set",[]]}"""));

        HostFacts facts = new HostFacts(
                "here",
                "1.2.3",
                NOW,
                Map.of(
                        Source.NETLINK, new SourceStanding(Heard.LISTED, ""),
                        Source.OVSDB, new SourceStanding(Heard.LOST, "it is gone"),
                        Source.LXC, new SourceStanding(Heard.AWAITED, "")),
                new LedgerStanding(Optional.of(17L), Optional.of("abc"), Optional.of("the disk is full")));
        host.apply(new InventoryChange(nothing, Inventory.of(facts)));
        assertThat(only(Schema.HOST)).isEqualTo(json("""
                        {"name":"here","version":"1.2.3","started":"2026-01-02T03:04:05Z",
                         "sources":["map",[["lxc","awaited"],["netlink","listed"],["ovsdb","lost"]]],
                         "ledger_height":17,"ledger_hash":"abc","ledger_error":"the disk is full","state":"self",
                         "last_seen":["set",[]]}"""));
    }

    @Test
    void a_container_is_shown_as_it_stands_and_goes() {
        see(container(true), SnapshotMap.empty(), SnapshotMap.empty());
        assertThat(only(Schema.LXC)).isEqualTo(json("""
                        {"id":"100","veth":"vi100","bridge":"vmbr0","running":true,
                         "properties":["map",[["ipv4","192.168.1.100/24"],["network_type","bridge"]]],
                         "state":"enrolled","since":"2026-01-02T03:04:05Z","host":"here","error":["set",[]]}"""));
        see(container(false), SnapshotMap.empty(), SnapshotMap.empty());
        assertThat(only(Schema.LXC).getString("state")).isEqualTo("stopped");
        assertThat(only(Schema.LXC).getString("veth")).isEqualTo("vi100");
        see(SnapshotMap.empty(), SnapshotMap.empty(), SnapshotMap.empty());
        assertThat(tables.rows(Schema.LXC)).isEmpty();
    }

    private void labs(KnownLab... labs) {
        SnapshotMap<String, KnownLab> all = SnapshotMap.empty();
        for (KnownLab lab : labs) {
            all = all.with(lab.name(), lab);
        }
        see(new Inventory(
                now.version() + 1,
                now.host(),
                now.containers(),
                now.links(),
                now.ports(),
                now.bridges(),
                now.enrollments(),
                now.peers(),
                all,
                now.tally()));
    }

    @Test
    void a_lab_is_shown_with_its_lans_and_endpoints_and_goes() {
        KnownLab lab = NonNetLab.lab("net");
        labs(lab);
        assertThat(only(Schema.LAB)).isEqualTo(json("""
                        {"name":"net","namespace":"cloonix_net","running":true,"settled":false,"items":2,
                         "trouble":["map",[["b","it ended by itself"]]]}"""));
        assertThat(only(Schema.LAN)).isEqualTo(json("""
                        {"lab":"net","name":"lan01","bridge":"_b_lan01","live":true,"endpoints":2,"spied":1}"""));
        assertThat(tables.rows(Schema.ENDPOINT)).hasSize(2);

        labs(new KnownLab("net", "cloonix_net", true, true, lab.endpoints().subList(0, 1), List.of(), Map.of()));
        assertThat(only(Schema.ENDPOINT)).isEqualTo(json("""
                        {"lab":"net","name":"_k_1_0","item":"a","kind":"kvm","state":"running","number":0,
                         "lan":"lan01","tag":7,"trunks":["set",[8,9]],"spied":true,"mac":"02:00:00:00:00:01",
                         "ofport":3,"error":["set",[]]}"""));
        assertThat(tables.rows(Schema.LAN)).isEmpty();

        labs();
        assertThat(tables.rows(Schema.LAB)).isEmpty();
        assertThat(tables.rows(Schema.ENDPOINT)).isEmpty();
    }

    @Test
    void labs_may_have_lans_and_endpoints_of_one_name() {
        labs(NonNetLab.lab("one"), NonNetLab.lab("two"));
        labs(NonNetLab.lab("two"));
        assertThat(only(Schema.LAB).getString("name")).isEqualTo("two");
        assertThat(only(Schema.LAN).getString("lab")).isEqualTo("two");
        assertThat(tables.rows(Schema.ENDPOINT)).hasSize(2);
    }

    @Test
    void a_container_of_an_engine_is_a_row_with_what_the_engine_and_its_labels_say() {
        see(only(NonNetLab.engine("3f2ab1c9d0e1", "web", "nginx:1")), SnapshotMap.empty(), SnapshotMap.empty());
        assertThat(only(Schema.DOCKER)).isEqualTo(json("""
                        {"id":"docker:3f2ab1c9d0e1","engine":"docker","name":"web","image":"nginx:1","network":"none",
                         "role":"egress","label_faults":"opdbus.mtu is \\"x\\", which is no number","veth":"",
                         "bridge":"ovsbr0","running":true,"properties":["map",[["vlan","12"]]],"state":"waiting",
                         "since":"2026-01-02T03:04:05Z","host":"here","error":"the bridge ovsbr0 does not exist"}"""));
        assertThat(tables.rows(Schema.LXC)).isEmpty();
        see(SnapshotMap.empty(), SnapshotMap.empty(), SnapshotMap.empty());
        assertThat(tables.rows(Schema.DOCKER)).isEmpty();
    }

    @Test
    void a_virtual_machine_is_a_row_with_its_taps() {
        see(only(NonNetLab.machine("101", "mail")), SnapshotMap.empty(), SnapshotMap.empty());
        assertThat(only(Schema.VM)).isEqualTo(json("""
                        {"id":"vm:101","name":"mail","taps":["set",["tap101i0","tap101i1"]],"bridge":"vmbr0","running":true,
                         "properties":["map",[["vlan","20"]]],"state":"enrolled","since":"2026-01-02T03:04:05Z",
                         "host":"here","error":["set",[]]}"""));
    }
}
