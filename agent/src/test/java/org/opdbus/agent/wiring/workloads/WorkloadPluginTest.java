// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring.workloads;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.StaticAddress;
import org.opdbus.events.Workload;
import org.opdbus.events.Workload.Asked;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.events.Workload.VirtualMachine;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;
import org.opdbus.verticles.inventory.KnownContainer;
import org.opdbus.verticles.inventory.MeshMembership;
import org.opdbus.verticles.inventory.WantedContainer;
import org.opdbus.verticles.inventory.json.ContainerJson;

class WorkloadPluginTest {
    private static final ContainerId WEB = Kind.DOCKER.id("3f2ab1c9d0e1");

    private static KnownContainer known(Workload workload, WantedContainer wanted, LinkStatus... links) {
        ContainerStatus status = new ContainerStatus(
                workload.id(), Optional.of(workload), true, ContainerPhase.ENROLLED, "", "", List.of(links));
        return new KnownContainer(status, wanted, MeshMembership.NONE, Instant.EPOCH);
    }

    private static Asked asked() throws Exception {
        Inet4Address address = (Inet4Address) InetAddress.getByName("10.1.2.3");
        Inet4Address gateway = (Inet4Address) InetAddress.getByName("10.1.2.1");
        return new Asked(
                Optional.of("ovsbr0"),
                Optional.of(12),
                Optional.of(new StaticAddress(address, 24, Optional.of(gateway))),
                Optional.of(1400),
                Optional.empty(),
                Optional.empty(),
                Optional.of("egress"),
                List.of("opdbus.ifname is \"a/b\", which no link can be called"));
    }

    @Test
    void a_container_without_a_link_shows_what_its_labels_ask_for() throws Exception {
        JsonObject json = ContainerJson.of(
                known(new EngineContainer(WEB, "web", "nginx:1", "none", asked()), WantedContainer.UNNAMED));
        assertThat(json.encode()).isEqualTo("""
                {"id":"docker:3f2ab1c9d0e1","kind":"docker","name":"web","image":"nginx:1","network":"none",\
                "role":"egress","label_faults":["opdbus.ifname is \\"a/b\\", which no link can be called"],\
                "veth":"","bridge":"ovsbr0","running":true,\
                "properties":{"gateway":"10.1.2.1","ipv4":"10.1.2.3/24","mtu":1400,"vlan":12},\
                "state":"enrolled","reason":"","links":[]}""");
    }

    @Test
    void the_state_file_wins_over_labels_and_what_is_over_both() throws Exception {
        WantedContainer wanted = new WantedContainer(
                Optional.empty(), Optional.of("vmbr0"), Map.of("vlan", "13", "ipv4", "10.9.9.9/24"), false);
        EngineContainer web = new EngineContainer(WEB, "web", "nginx:1", "none", asked());
        JsonObject before = ContainerJson.of(known(web, wanted));
        assertThat(before.getString("bridge")).isEqualTo("vmbr0");
        assertThat(before.getJsonObject("properties").getValue("vlan")).isEqualTo(13);
        assertThat(before.getJsonObject("properties").getValue("ipv4")).isEqualTo("10.9.9.9/24");

        LinkStatus link = new LinkStatus(9, "vi3f2ab1c9d0e1", List.of(), Optional.of("vmbr0"), Optional.of(14), 3);
        JsonObject now = ContainerJson.of(known(web, wanted, link));
        assertThat(now.getJsonObject("properties").getValue("vlan")).isEqualTo(14);
        assertThat(now.getJsonArray("links").encode())
                .isEqualTo("[{\"name\":\"vi3f2ab1c9d0e1\",\"index\":9,\"bridge\":\"vmbr0\",\"vlan\":14,\"ofport\":3}]");
    }

    @Test
    void a_machine_has_a_kind_and_a_name_and_nothing_of_an_engine() {
        JsonObject json = ContainerJson.of(
                known(new VirtualMachine(Kind.VM.id("101"), "mail", List.of()), WantedContainer.UNNAMED));
        assertThat(json.getString("kind")).isEqualTo("vm");
        assertThat(json.getString("name")).isEqualTo("mail");
        assertThat(json.fieldNames()).doesNotContain("image", "network", "role", "label_faults");
        assertThat(WorkloadPlugin.named("vm").map(WorkloadPlugin::list)).contains("machines");
        assertThat(WorkloadPlugin.named("lxc")).isEmpty();
    }
}
