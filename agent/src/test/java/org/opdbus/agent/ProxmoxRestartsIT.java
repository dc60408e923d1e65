// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.agent.ProxmoxScene.OTHER_BRIDGE;
import static org.opdbus.agent.TestHost.BRIDGE;
import static org.opdbus.agent.TestHost.sh;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The agent follows changes that Proxmox makes while the agent is stopped, or is killed in the middle of its work,
 * and does not revert them.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ProxmoxRestartsIT {
    private final ProxmoxScene host = new ProxmoxScene();

    @BeforeAll
    void start() {
        host.start();
        host.pct.pauses(200);
    }

    @AfterAll
    void close() {
        host.close();
        assertThat(host.agent.logText()).doesNotContain(" ERROR ");
    }

    @Test
    void what_changed_while_the_agent_was_stopped_is_a_change_and_not_drift() throws IOException {
        host.run("201", "bridge=vmbr0,tag=10");
        host.awaitRecorded("201", BRIDGE, 10);
        host.agent.stop();
        host.set("201", "bridge=vmbr1,tag=77,trunks=5;6");
        host.agent.start();
        host.awaitRecorded("201", OTHER_BRIDGE, 77);
        assertThat(host.scene
                        .ovs
                        .vsctl("get", "Port", "veth201i0", "tag", "trunks", "vlan_mode")
                        .strip())
                .isEqualTo("77\n[5, 6]\nnative-untagged");
        assertThat(host.agent.ledger("container.changed", "201"))
                .last()
                .satisfies(entry -> assertThat(entry.data().toString())
                        .contains("bridge=vmbr1", "properties.vlan=77", "trunks=5,6", "vlan_mode=native-untagged"));
        assertThat(host.agent.ledger("drift.seen", "201")).isEmpty();

        host.agent.stop();
        host.set("201", "bridge=vmbr0,tag=10,firewall=1");
        host.agent.start();
        host.scene.awaitState("201", "refused", "firewall");
        assertThat(host.bridgeOf("veth201i0")).isEmpty();
        assertThat(LedgerStory.of(host.agent).open("201")).isEmpty();
        assertThat(host.strayFrames("201")).isZero();
    }

    @Test
    void an_agent_that_is_killed_at_any_step_goes_on_to_the_same_end() throws IOException {
        host.run("202", "bridge=vmbr0,tag=10");
        host.awaitRecorded("202", BRIDGE, 10);
        int tag = 10;
        for (String boundary : new String[] {"before adopt", "after adopt", "before stamp", "after stamp"}) {
            host.agent.stop();
            tag++;
            host.set("202", "bridge=vmbr0,tag=" + tag);
            host.agent.startThatHalts(boundary).awaitEnd();
            host.set("202", "bridge=vmbr0,tag=" + (tag + 20));
            host.agent.start();
            host.awaitRecorded("202", BRIDGE, tag + 20);
            assertThat(Rows.of(host.scene.ovs).tag("veth202i0")).isEqualTo(String.valueOf(tag + 20));
        }
        assertThat(host.agent.ledger("drift.seen", "202")).isEmpty();
        assertThat(host.strayFrames("202")).isZero();
    }

    @Test
    void a_port_that_the_agent_made_is_removed_when_the_configuration_wants_none() throws IOException {
        host.run("203", "bridge=vmbr0,tag=10,trunks=20;30");
        host.awaitRecorded("203", BRIDGE, 10);
        host.scene.ovs.vsctl("del-port", "veth203i0");
        // The configuration still requires the port, and Proxmox leaves it out: the agent makes it
        // again unchanged.
        eventually(() -> assertThat(host.scene
                        .ovs
                        .vsctl(
                                "get",
                                "Port",
                                "veth203i0",
                                "tag",
                                "trunks",
                                "vlan_mode",
                                "external_ids:\"op-dbus:maker\"")
                        .strip())
                .isEqualTo("10\n[20, 30]\nnative-untagged\nagent"));
        String line = "net0: " + host.pct.configured("203", "net0") + ",link_down=1\n";
        Files.writeString(
                host.pct.configuration("203"),
                Files.readString(host.pct.configuration("203")).replaceAll("net0: .*\n", line));
        eventually(() -> assertThat(host.bridgeOf("veth203i0")).isEmpty());
        host.scene.awaitState("203", "refused", "link_down=1");
    }

    @Test
    void an_unreadable_configuration_leaves_the_link_alone() throws IOException {
        host.run("204", "bridge=vmbr0,tag=10");
        host.awaitRecorded("204", BRIDGE, 10);
        String before = Files.readString(host.pct.configuration("204"));
        Files.writeString(host.pct.configuration("204"), before.replace("tag=10", "tag=ten"));
        host.scene.awaitState("204", "refused", "tag=ten");
        assertThat(Rows.of(host.scene.ovs).tag("veth204i0")).isEqualTo("10");
        Files.writeString(host.pct.configuration("204"), before);
        host.scene.awaitEnrolled("204", "veth204i0");
    }

    @Test
    void a_device_that_comes_and_goes_is_followed_and_its_limit_lasts() throws IOException {
        host.run("205", "bridge=vmbr0,tag=10,rate=2");
        host.awaitRecorded("205", BRIDGE, 10);
        // Whenever the link changes, for example by its alternative name, ovs-vswitchd removes what
        // its row does not request.
        eventually(() -> assertThat(sh("ip", "-o", "link", "show", "vi205")).contains("veth205i0"));
        assertThat(host.scene
                        .ovs
                        .vsctl("get", "Interface", "veth205i0", "ingress_policing_rate")
                        .strip())
                .isEqualTo("16777");
        sh("ip", "link", "set", "veth205i0", "mtu", "1400");
        host.scene.ovs.vsctl("set", "Port", "veth205i0", "external_ids:nudge=1");
        eventually(
                () -> assertThat(sh("tc", "qdisc", "show", "dev", "veth205i0")).contains("ingress"));

        host.pct.must("set", "205", "--net1", "name=eth1,bridge=vmbr1,tag=30");
        eventually(() -> assertThat(sh("ip", "-o", "link", "show", "vi205i1")).contains("veth205i1"));
        assertThat(host.bridgeOf("veth205i1")).isEqualTo(OTHER_BRIDGE);
        host.pct.must("set", "205", "--delete", "net1");
        eventually(() -> assertThat(host.bridgeOf("veth205i1")).isEmpty());
        host.scene.awaitEnrolled("205", "veth205i0");
        assertThat(host.strayFrames("205")).isZero();
    }

    @ParameterizedTest
    @CsvSource({"before limit,206", "after limit,207", "before name,208", "after name,209"})
    void an_agent_that_is_killed_in_a_first_enrolment_goes_on_to_the_same_end(String boundary, String vmid)
            throws IOException {
        host.agent.stop();
        host.run(vmid, "bridge=vmbr0,tag=10,rate=2");
        host.set(vmid, "bridge=vmbr0,tag=11,rate=2");
        host.agent.startThatHalts(boundary).awaitEnd();
        host.set(vmid, "bridge=vmbr0,tag=31,rate=2");
        host.agent.start();
        host.awaitRecorded(vmid, BRIDGE, 31);
        String link = "veth" + vmid + "i0";
        assertThat(Rows.of(host.scene.ovs).tag(link)).isEqualTo("31");
        assertThat(sh("ip", "-o", "link", "show", "vi" + vmid)).contains(link);
        assertThat(host.scene
                        .ovs
                        .vsctl("get", "Interface", link, "ingress_policing_rate")
                        .strip())
                .isEqualTo("16777");
        assertThat(host.agent.ledger("container.enrolled", vmid)).hasSize(1);
        assertThat(host.agent.ledger("drift.seen", vmid)).isEmpty();
        assertThat(host.strayFrames(vmid)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"before attach,210", "after attach,211"})
    void an_agent_that_is_killed_while_it_plugs_a_link_goes_on_to_the_same_end(String boundary, String vmid)
            throws IOException {
        host.run(vmid, "bridge=vmbr0,tag=10,trunks=20;30");
        host.awaitRecorded(vmid, BRIDGE, 10);
        host.agent.stop();
        host.set(vmid, "bridge=vmbr0,tag=11,trunks=20;30");
        host.scene.ovs.vsctl("del-port", "veth" + vmid + "i0");
        host.agent.startThatHalts(boundary).awaitEnd();
        assertThat(host.bridgeOf("veth" + vmid + "i0")).isEqualTo(boundary.startsWith("before") ? "" : BRIDGE);
        host.set(vmid, "bridge=vmbr0,tag=31,trunks=20;30");
        host.agent.start();
        host.awaitRecorded(vmid, BRIDGE, 31);
        assertThat(host.scene
                        .ovs
                        .vsctl("get", "Port", "veth" + vmid + "i0", "tag", "trunks", "vlan_mode")
                        .strip())
                .isEqualTo("31\n[20, 30]\nnative-untagged");
        assertThat(host.strayFrames(vmid)).isZero();
    }
}
