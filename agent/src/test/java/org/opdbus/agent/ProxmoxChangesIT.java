// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.agent.ProxmoxScene.OTHER_BRIDGE;
import static org.opdbus.agent.TestHost.BRIDGE;
import static org.opdbus.agent.TestHost.sh;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.opdbus.verticles.testing.PctDouble.Answer;

/**
 * Proxmox changes the network device of a running container that sends frames: pct succeeds, the port matches the
 * configuration, and no frame of the container reaches a port of another VLAN. {@code -Dcampaign=20} makes as many
 * changes of each kind.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ProxmoxChangesIT {
    private static final int CHANGES = Integer.getInteger("campaign", 2);
    private static final int PAUSE_MS = Integer.getInteger("campaign.pause", 300);

    private final ProxmoxScene host = new ProxmoxScene();

    @BeforeAll
    void start() {
        host.start();
        host.pct.pauses(PAUSE_MS);
    }

    @AfterAll
    void close() {
        host.close();
        assertThat(host.agent.logText()).doesNotContain(" ERROR ");
    }

    @Test
    void a_vlan_that_changes_is_followed_and_recorded() throws IOException {
        host.run("101", "bridge=vmbr0,tag=10");
        host.awaitRecorded("101", BRIDGE, 10);
        for (int change = 1; change <= CHANGES; change++) {
            host.pct.keepsWhileChanging(change % 2 == 0);
            host.set("101", "bridge=vmbr0,tag=" + (10 + change));
            assertThat(Rows.of(host.scene.ovs).tag("veth101i0")).isEqualTo(String.valueOf(10 + change));
            host.awaitRecorded("101", BRIDGE, 10 + change);
            int told = change;
            eventually(() -> assertThat(host.agent.ledger("container.changed", "101"))
                    .hasSize(told)
                    .last()
                    .satisfies(
                            entry -> assertThat(entry.data().toString()).contains("properties.vlan=" + (10 + told))));
        }
        assertThat(host.agent.ledger("drift.seen", "101")).isEmpty();
        assertThat(host.strayFrames("101")).isZero();
    }

    @Test
    void a_link_behind_the_firewall_is_never_a_port_beside_it() throws IOException {
        host.run("102", "bridge=vmbr0,tag=10");
        host.awaitRecorded("102", BRIDGE, 10);
        for (int change = 1; change <= CHANGES; change++) {
            host.pct.keepsWhileChanging(change % 2 == 0);
            host.set("102", "bridge=vmbr0,tag=10,firewall=1");
            host.scene.awaitState("102", "refused", "firewall");
            assertThat(host.bridgeOf("veth102i0")).isEmpty();
            assertThat(host.bridgeOf("fwln102o0")).isEqualTo(BRIDGE);
            // A change behind the firewall, such as the one that opened the gap in an earlier
            // version.
            host.set("102", "bridge=vmbr0,tag=" + (10 + change) + ",firewall=1");
            assertThat(host.bridgeOf("veth102i0")).isEmpty();
            host.set("102", "bridge=vmbr0,tag=10,firewall=0");
            assertThat(host.bridgeOf("veth102i0")).isEqualTo(BRIDGE);
            host.scene.awaitEnrolled("102", "veth102i0");
        }
        assertThat(host.strayFrames("102")).isZero();
        eventually(() -> assertThat(host.agent.ledger("container.left", "102")).hasSize(CHANGES));
    }

    @Test
    void a_link_that_is_to_be_down_is_no_port() throws IOException {
        host.run("103", "bridge=vmbr0,tag=10");
        host.awaitRecorded("103", BRIDGE, 10);
        for (int change = 1; change <= CHANGES; change++) {
            host.pct.keepsWhileChanging(change % 2 == 0);
            host.set("103", "bridge=vmbr0,tag=10,link_down=1");
            host.scene.awaitState("103", "refused", "link_down=1");
            assertThat(host.bridgeOf("veth103i0")).isEmpty();
            host.set("103", "bridge=vmbr0,tag=10");
            assertThat(Rows.of(host.scene.ovs).tag("veth103i0")).isEqualTo("10");
            host.scene.awaitEnrolled("103", "veth103i0");
        }
        assertThat(host.strayFrames("103")).isZero();
    }

    @Test
    void a_move_to_another_bridge_is_followed() throws IOException {
        host.run("104", "bridge=vmbr0,tag=10,trunks=20;30");
        host.awaitRecorded("104", BRIDGE, 10);
        String before = vlans("veth104i0");
        assertThat(before).isEqualTo("10\n[20, 30]\nnative-untagged");
        for (int change = 1; change <= CHANGES; change++) {
            String bridge = change % 2 == 0 ? BRIDGE : OTHER_BRIDGE;
            host.pct.keepsWhileChanging(change % 4 >= 2);
            host.set("104", "bridge=" + bridge + ",tag=10,trunks=20;30");
            assertThat(host.bridgeOf("veth104i0")).isEqualTo(bridge);
            host.awaitRecorded("104", bridge, 10);
            assertThat(vlans("veth104i0")).isEqualTo(before);
        }
        assertThat(host.strayFrames("104")).isZero();
    }

    private String vlans(String port) {
        return host.scene
                .ovs
                .vsctl("get", "Port", port, "tag", "trunks", "vlan_mode")
                .strip();
    }

    @Test
    void a_change_that_fails_leaves_what_was() throws IOException {
        host.run("105", "bridge=vmbr0,tag=10");
        host.awaitRecorded("105", BRIDGE, 10);
        host.pct.failsToPlugOnce();
        Answer answer =
                host.pct.call("set", "105", "--net0", "name=eth0,hwaddr=" + host.mac("105") + ",bridge=vmbr0,tag=11");
        assertThat(answer.exit()).isNotZero();
        assertThat(Rows.of(host.scene.ovs).tag("veth105i0")).isEqualTo("10");
        host.awaitRecorded("105", BRIDGE, 10);
        assertThat(host.strayFrames("105")).isZero();
    }

    @Test
    void a_link_that_comes_behind_the_firewalls_bridge_is_no_port_of_the_agents_any_more() throws IOException {
        host.run("106", "bridge=vmbr0,tag=10");
        host.awaitRecorded("106", BRIDGE, 10);
        assertThat(host.scene.ovs.vsctl("get", "Port", "veth106i0", "external_ids:\"op-dbus:container\""))
                .contains("106");
        // Proxmox's firewall begins to filter the link, and its configuration does not say so yet.
        sh("ip", "link", "add", "fwbr106i0", "type", "bridge");
        sh("ip", "link", "set", "fwbr106i0", "up");
        sh("ip", "link", "set", "veth106i0", "master", "fwbr106i0");
        eventually(() -> assertThat(host.bridgeOf("veth106i0")).isEmpty());
        host.scene.awaitState("106", "refused", "fwbr106i0");
        assertThat(sh("ip", "-o", "link", "show", "veth106i0")).contains("master fwbr106i0");
        eventually(() -> assertThat(host.agent.ledger("container.left", "106")).hasSize(1));

        host.set("106", "bridge=vmbr0,tag=11");
        host.awaitRecorded("106", BRIDGE, 11);
        assertThat(host.strayFrames("106")).isZero();
    }

    @Test
    void what_proxmox_does_not_apply_to_a_container_that_runs_is_not_applied_by_the_agent() throws IOException {
        host.run("107", "bridge=vmbr0,tag=10,trunks=20,rate=2");
        host.awaitRecorded("107", BRIDGE, 10);
        eventually(() -> assertThat(limit("veth107i0")).isEqualTo("16777"));
        String port = host.scene.ovs.vsctl("get", "Port", "veth107i0", "_uuid") + vlans("veth107i0");

        host.set("107", "bridge=vmbr0,tag=10,trunks=20;30,rate=2");
        // Proxmox changes only the queueing discipline, and the agent makes the new limit permanent
        // when Proxmox is done. By then it would have changed the trunks as well, if it changed
        // them.
        host.set("107", "bridge=vmbr0,tag=10,trunks=20;30,rate=3");
        eventually(() -> assertThat(limit("veth107i0")).isEqualTo("25165"));
        assertThat(host.scene.ovs.vsctl("get", "Port", "veth107i0", "_uuid") + vlans("veth107i0"))
                .isEqualTo(port);
        assertThat(vlans("veth107i0")).isEqualTo("10\n[20]\nnative-untagged");
        assertThat(sh("tc", "qdisc", "show", "dev", "veth107i0")).contains("ingress");
        host.scene.awaitEnrolled("107", "veth107i0");
        assertThat(host.agent.ledger("container.enrolled", "107")).hasSize(1);
        assertThat(host.agent.ledger("container.changed", "107")).isEmpty();
        assertThat(host.agent.ledger("drift.seen", "107")).isEmpty();
        assertThat(host.strayFrames("107")).isZero();
    }

    private String limit(String port) {
        return host.scene
                .ovs
                .vsctl("get", "Interface", port, "ingress_policing_rate")
                .strip();
    }

    @Test
    void another_hardware_address_is_another_link_of_the_same_name() throws IOException {
        host.run("108", "bridge=vmbr0,tag=10,trunks=20;30");
        host.awaitRecorded("108", BRIDGE, 10);
        for (int change = 1; change <= CHANGES; change++) {
            assertThat(host.strayFrames("108")).isZero();
            String index = TestHost.indexOf("veth108i0");
            String mac = "BC:24:11:08:00:%02X".formatted(change);
            host.pct.must("set", "108", "--net0", "name=eth0,hwaddr=" + mac + ",bridge=vmbr0,tag=10,trunks=20;30");
            host.send("108");
            assertThat(TestHost.indexOf("veth108i0")).isNotEqualTo(index);
            eventually(() -> assertThat(host.agent.ledger("container.enrolled", "108"))
                    .last()
                    .satisfies(entry -> assertThat(entry.data())
                            .containsEntry("index", Long.valueOf(TestHost.indexOf("veth108i0")))));
            host.awaitRecorded("108", BRIDGE, 10);
            assertThat(sh("ip", "-o", "link", "show", "vi108")).contains("veth108i0");
            assertThat(vlans("veth108i0")).isEqualTo("10\n[20, 30]\nnative-untagged");
        }
        assertThat(host.strayFrames("108")).isZero();
        assertThat(host.agent.ledger("drift.seen", "108")).isEmpty();
    }
}
