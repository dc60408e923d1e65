// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.events.Workload;
import org.opdbus.events.Workload.Asked;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.events.Workload.LxcContainer;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.KnownContainer;
import org.opdbus.verticles.inventory.KnownLab;
import org.opdbus.verticles.inventory.MeshMembership;
import org.opdbus.verticles.inventory.MeshStanding;
import org.opdbus.verticles.inventory.Peer;
import org.opdbus.verticles.inventory.WantedContainer;

class InventoryJsonTest {
    private static KnownContainer known(
            Workload workload, ContainerPhase phase, String why, String remedy, MeshMembership mesh) {
        LinkStatus link = new LinkStatus(9, "vi100", List.of("web"), Optional.of("vmbr0"), Optional.of(7), 3);
        ContainerStatus status =
                new ContainerStatus(workload.id(), Optional.of(workload), true, phase, why, remedy, List.of(link));
        return new KnownContainer(status, WantedContainer.UNNAMED, mesh, Instant.EPOCH);
    }

    private static Workload lxc(String id) {
        return new LxcContainer(new ContainerId(id), "/var/lib/lxc");
    }

    @Test
    void a_refused_container_has_the_remedy() {
        JsonObject json = InventoryJson.container(
                known(lxc("100"), ContainerPhase.REFUSED, "vi100 is taken", "rename it", MeshMembership.NONE), "a");
        assertThat(json.encode()).isEqualTo("""
                {"key":"a/100","host":"a","id":"100","kind":"lxc","name":"100","veth":"vi100","bridge":"vmbr0",\
                "running":true,"properties":{"vlan":7},"state":"refused","reason":"vi100 is taken","remedy":"rename it",\
                "links":[{"name":"vi100","index":9,"altNames":["web"],"bridge":"vmbr0","vlan":7,"ofport":3}],"vlan":7,\
                "since":"1970-01-01T00:00:00Z","mesh":null}""");
    }

    @Test
    void a_container_in_a_mesh_says_whether_it_is_there_and_what_to_do() {
        ContainerId id = new ContainerId("100");
        MeshStanding standing = new MeshStanding(id, "needs-token", false, "no token", "write one", "net", "");
        JsonObject json = InventoryJson.container(
                known(
                        lxc("100"),
                        ContainerPhase.ENROLLED,
                        "",
                        "",
                        new MeshMembership(Optional.of(standing), List.of("old"))),
                "a");
        assertThat(json.getString("state")).isEqualTo("needs-token");
        assertThat(json.getString("remedy")).isEqualTo("write one");
        assertThat(json.getJsonObject("mesh").encode()).isEqualTo("""
                {"phase":"needs-token","network":"net","address":"","reason":"no token","remedy":"write one",\
                "leftBehind":["old"],"joined":false}""");
    }

    @Test
    void a_container_of_an_engine_shows_its_image() {
        Workload web = new EngineContainer(Kind.DOCKER.id("3f2ab1c9d0e1"), "web", "nginx:1", "none", Asked.NOTHING);
        JsonObject json =
                InventoryJson.container(known(web, ContainerPhase.ENROLLED, "", "", MeshMembership.NONE), "a");
        assertThat(json.getString("key")).isEqualTo("a/docker:3f2ab1c9d0e1");
        assertThat(json.getString("image")).isEqualTo("nginx:1");
        assertThat(json.getString("remedy")).isEmpty();
    }

    @Test
    void a_port_names_its_container_only_if_this_host_marked_it() {
        Map<String, String> marks = Map.of(
                "op-dbus:owner", "a", "op-dbus:container", "100", "op-dbus:enrollment", "e1", "op-dbus:entry", "12");
        Port port = new Port(
                "u-1",
                "vi100",
                "vmbr0",
                Optional.of(7),
                Set.of(9, 8),
                Optional.empty(),
                marks,
                "",
                3,
                Optional.empty());
        JsonObject json = InventoryJson.port(port, "a");
        assertThat(json.getString("key")).isEqualTo("a/u-1");
        assertThat(json.getString("container")).isEqualTo("100");
        assertThat(json.getLong("entry")).isEqualTo(12);
        assertThat(json.getJsonArray("trunks")).containsExactly(8, 9);
        assertThat(json.getBoolean("live")).isTrue();
        assertThat(json.getJsonObject("marks").getMap()).isEqualTo(marks);
        JsonObject elsewhere = InventoryJson.port(port, "b");
        assertThat(elsewhere.containsKey("container")).isTrue();
        assertThat(elsewhere.getString("container")).isNull();
    }

    @Test
    void links_bridges_hosts_and_labs_have_keys_and_say_null_for_what_is_not_known() {
        Link link = new Link(
                4, new LinkName("vi100"), List.of("x"), "veth", Optional.of("aa:bb:cc:dd:ee:ff"), 2, 1, 0, true, false);
        assertThat(InventoryJson.link(link, "a").encode()).isEqualTo("""
                {"key":"a/4","host":"a","index":4,"name":"vi100","altNames":["x"],"kind":"veth","mac":"aa:bb:cc:dd:ee:ff",\
                "up":true,"carrier":false,"master":null,"peer":2,"namespace":1}""");
        assertThat(InventoryJson.bridge(new Bridge("vmbr0", "netdev"), "a").encode())
                .isEqualTo("""
                {"key":"a/vmbr0","host":"a","name":"vmbr0","datapathType":"netdev"}""");
        JsonObject host = InventoryJson.host(HostFacts.atStart("a", "1.0", Instant.EPOCH));
        assertThat(host.getBoolean("ready")).isFalse();
        assertThat(host.getJsonObject("sources").getJsonObject("ovsdb").getString("state"))
                .isEqualTo("awaited");
        JsonObject peer = InventoryJson.peer(new Peer("b", false, Instant.EPOCH, 5, 3, "ab12", "0.9", List.of(), 2));
        assertThat(peer.fieldNames()).isEqualTo(host.fieldNames());
        assertThat(peer.getLong("behind")).isEqualTo(2);
        assertThat(peer.getString("head")).isEqualTo("ab12");
        assertThat(peer.getLong("leftOut")).isEqualTo(2);
        KnownLab.Endpoint endpoint = new KnownLab.Endpoint(
                "_k_1_0",
                "vm1",
                "kvm",
                "running",
                0,
                true,
                "02:00:00:00:00:01",
                Optional.of(new KnownLab.Place("lan1", 5, List.of())),
                2,
                "");
        JsonObject lab = LabJson.of(
                new KnownLab(
                        "net",
                        "cloonix_net",
                        true,
                        true,
                        List.of(endpoint),
                        List.of(new KnownLab.Lan("lan1", "_b_lan1", true, 1, 1)),
                        Map.of()),
                "a");
        assertThat(lab.getString("key")).isEqualTo("a/net");
        assertThat(lab.getJsonArray("endpoints").getJsonObject(0).getInteger("tag"))
                .isEqualTo(5);
        assertThat(lab.getInteger("itemCount")).isEqualTo(1);
    }
}
