// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Workload.LxcContainer;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;
import org.opdbus.verticles.inventory.KnownContainer;
import org.opdbus.verticles.inventory.MeshMembership;
import org.opdbus.verticles.inventory.Peer;
import org.opdbus.verticles.inventory.WantedContainer;
import org.opdbus.verticles.inventory.json.ContainerJson;

class PeerContainersTest {
    @Test
    void what_a_peer_says_in_the_words_of_query_is_shown_as_our_own_but_for_the_time() {
        ContainerId id = new ContainerId("100");
        LinkStatus link = new LinkStatus(9, "vi100", List.of("web"), Optional.of("vmbr0"), Optional.of(7), 3);
        KnownContainer known = new KnownContainer(
                new ContainerStatus(
                        id,
                        Optional.of(new LxcContainer(id, "/var/lib/lxc")),
                        true,
                        ContainerPhase.REFUSED,
                        "vi100 is taken",
                        "rename it",
                        List.of(link)),
                WantedContainer.UNNAMED,
                MeshMembership.NONE,
                Instant.EPOCH);
        Optional<JsonObject> read =
                PeerContainers.read("b", ContainerJson.of(known).encode());
        assertThat(read.map(json -> json.putNull("since")))
                .contains(InventoryJson.container(known, "b").putNull("since"));
    }

    @Test
    void a_text_that_is_no_container_is_left_out_and_counted() {
        Peer peer = new Peer(
                "b",
                true,
                Instant.EPOCH,
                1,
                1,
                "",
                "1",
                List.of(
                        "{\"id\":\"1\"}",
                        "{\"id\":\"a/b\"}",
                        "{\"id\":1}",
                        "{}",
                        "[]",
                        "",
                        "{\"id\":\"2\"",
                        "{\"id\":\"3\",\"x\":\"" + "x".repeat(70_000) + "\"}"),
                0);
        PeerContainers read = PeerContainers.of(peer);
        assertThat(read.all()).hasSize(1);
        assertThat(read.wrong()).isEqualTo(7);
    }

    @Test
    void values_of_wrong_types_are_shown_as_absent_and_unknown_keys_are_left_out() {
        JsonObject json = PeerContainers.read("b", """
                        {"id":"vm:1","kind":"<b>","name":7,"running":"yes","state":null,"reason":{},"veth":[],
                        "bridge":1.5,"properties":{"a":[1],"b":"\\u0007","c":2,"d":true},"secret":"s",
                        "links":[1,{"index":-4,"vlan":99999,"ofport":1e99,"altNames":[1,"x"],"mac":"m"}],"mesh":{"phase":1}}
                        """).orElseThrow();
        assertThat(json.encode()).isEqualTo("""
                {"key":"b/vm:1","host":"b","id":"vm:1","kind":"vm","name":"1","veth":"","bridge":"","running":false,\
                "properties":{"b":"\\u0007","c":2,"d":true},"state":"","reason":"","remedy":"",\
                "links":[{"name":"","index":0,"altNames":["x"],"ofport":0}],"vlan":null,"since":null,"mesh":{"joined":false}}""");
    }
}
