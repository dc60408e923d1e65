// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.InventoryChange;
import org.opdbus.verticles.inventory.KnownContainer;
import org.opdbus.verticles.inventory.MeshMembership;
import org.opdbus.verticles.inventory.Peer;
import org.opdbus.verticles.inventory.SnapshotMap;
import org.opdbus.verticles.inventory.WantedContainer;

class PeerRowsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private final Tables tables = new Tables("here");
    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final HostTables host = new HostTables(tables, new PeerRows(tables, clock));
    private Inventory now = Inventory.of(HostFacts.atStart("here", "1.2.3", NOW));

    /** From now on these are all the peers, and this host has these containers. */
    private void see(List<String> containers, Peer... peers) {
        SnapshotMap<String, Peer> others = SnapshotMap.empty();
        for (Peer peer : peers) {
            others = others.with(peer.host(), peer);
        }
        SnapshotMap<ContainerId, KnownContainer> own = SnapshotMap.empty();
        for (String id : containers) {
            own = own.with(
                    new ContainerId(id),
                    new KnownContainer(
                            NonNetLab.container(id, true), WantedContainer.UNNAMED, MeshMembership.NONE, NOW));
        }
        Inventory next = new Inventory(
                now.version() + 1,
                now.host(),
                own,
                now.links(),
                now.ports(),
                now.bridges(),
                now.enrollments(),
                others,
                now.labs(),
                now.tally());
        host.apply(new InventoryChange(now, next));
        now = next;
    }

    @Test
    void containers_of_one_name_on_two_hosts_are_two_rows() {
        see(List.of("100"), peer("there", true, container("100", false), container("101", true)));
        assertThat(select("lxc", "id", "host", "running"))
                .containsExactlyInAnyOrder(
                        json("{'id':'100','host':'here','running':true}"),
                        json("{'id':'100','host':'there','running':false}"),
                        json("{'id':'101','host':'there','running':true}"));

        // What one host has no more is gone from its rows alone.
        see(List.of(), peer("there", true, container("100", false)));
        assertThat(select("lxc", "id", "host")).containsExactly(json("{'id':'100','host':'there'}"));
    }

    @Test
    void a_host_that_is_away_stays_with_its_containers_and_this_one_is_nobody_else() {
        see(List.of(), peer("there", true, container("100", true)));
        tables.commit();
        see(List.of(), peer("there", false, container("100", true)), peer("here", true));
        // Of its containers nothing has changed.
        assertThat(tables.commit())
                .singleElement()
                .satisfies(change -> assertThat(change.table()).isEqualTo(Schema.HOST));
        assertThat(select("lxc", "id")).hasSize(1);
        assertThat(select("host", "name", "state", "last_seen", "ledger_height", "version"))
                .containsExactlyInAnyOrder(
                        json("{'name':'here','state':'self','last_seen':['set',[]],'ledger_height':['set',[]],"
                                + "'version':'1.2.3'}"),
                        json("{'name':'there','state':'away','last_seen':'2026-01-02T03:04:05Z','ledger_height':17,"
                                + "'version':'9'}"));

        see(List.of());
        assertThat(select("host", "name")).containsExactly(json("{'name':'here'}"));
        assertThat(select("lxc", "id")).isEmpty();
    }

    @Test
    void what_is_the_same_again_is_no_change() {
        see(List.of(), peer("there", true, container("100", true)));
        tables.commit();
        see(List.of(), peer("there", true, container("100", true)));
        assertThat(tables.commit()).isEmpty();
    }

    @Test
    void of_what_another_version_says_only_what_is_understood_is_shown() {
        see(
                List.of(),
                peer(
                        "b",
                        true,
                        "{'id':'100','veth':'vi100','running':true,'properties':{'vlan':20},'state':'refused',"
                                        .replace('\'', '"')
                                + "\"reason\":\"no such bridge\",\"mesh\":{\"phase\":\"lost\"},\"phase\":7}",
                        "{\"id\":5}"));
        assertThat(select("lxc", "id", "properties", "error", "running"))
                .containsExactlyInAnyOrder(
                        json("{'id':'100','properties':['map',[['mesh_address',''],['mesh_network',''],"
                                + "['mesh_phase','lost'],['vlan','20']]],'error':'no such bridge','running':true}"),
                        json("{'id':'','properties':['map',[]],'error':['set',[]],'running':false}"));
    }

    @Test
    void workloads_of_peers_are_in_the_tables_of_their_kinds_and_those_of_unknown_kinds_in_none() {
        see(
                List.of(),
                peer(
                        "there",
                        true,
                        container("100", true),
                        json("{'id':'podman:aa','kind':'podman','name':'web','image':5,'network':'none','role':'server',"
                                        + "'label_faults':['a',7],'running':true}")
                                .encode(),
                        json("{'id':'vm:101','kind':'vm','name':'mail','links':[{'name':'tap101i0'},8]}")
                                .encode(),
                        json("{'id':'moon:1','kind':'moon','name':'x'}").encode()));
        assertThat(select("lxc", "id")).containsExactly(json("{'id':'100'}"));
        assertThat(select("docker", "id", "engine", "name", "image", "network", "role", "label_faults", "host"))
                .containsExactly(json("{'id':'podman:aa','engine':'podman','name':'web','image':'','network':'none',"
                        + "'role':'server','label_faults':'a','host':'there'}"));
        assertThat(select("vm", "id", "name", "taps", "running"))
                .containsExactly(json("{'id':'vm:101','name':'mail','taps':'tap101i0','running':false}"));
        see(List.of(), peer("there", true, container("100", true)));
        assertThat(select("docker", "id")).isEmpty();
        assertThat(select("vm", "id")).isEmpty();
    }

    private static Peer peer(String name, boolean up, String... containers) {
        return new Peer(name, up, NOW, 17, 17, "", "9", List.of(containers), 0);
    }

    private static String container(String id, boolean running) {
        return new JsonObject()
                .put("id", id)
                .put("veth", "vi" + id)
                .put("bridge", "vmbr0")
                .put("running", running)
                .put("state", running ? "enrolled" : "stopped")
                .encode();
    }

    private static JsonObject json(String text) {
        return new JsonObject(text.replace('\'', '"'));
    }

    private List<JsonObject> select(String table, String... columns) {
        JsonArray params = new JsonArray()
                .add(Schema.DATABASE)
                .add(new JsonObject()
                        .put("op", "select")
                        .put("table", table)
                        .put("where", new JsonArray())
                        .put("columns", new JsonArray(List.of(columns))));
        return ReadTransaction.run(tables, params, 1 << 20)
                .text()
                .toJsonArray()
                .getJsonObject(0)
                .getJsonArray("rows")
                .stream()
                .map(JsonObject.class::cast)
                .toList();
    }
}
