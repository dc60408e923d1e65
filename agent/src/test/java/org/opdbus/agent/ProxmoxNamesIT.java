// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.agent.TestHost.linkExists;
import static org.opdbus.agent.TestHost.sh;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.opdbus.verticles.testing.LxcContainers.Definition;

/**
 * Proxmox VE finds a container's links by name in many places. This host has no Proxmox VE, so scripts do what its
 * programs do to links and ports, from LXC's own hooks, while the agent runs.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ProxmoxNamesIT {
    private final TestHost scene = new TestHost(Map.of());
    private Path folder = Path.of("/nonexistent");

    @BeforeAll
    void start() throws IOException {
        scene.start();
        folder = Files.createTempDirectory("op-dbus-pve");
        script("lxcnetaddbr", """
                iface=$5
                echo "$iface" | grep -Eq '^veth[0-9]+i[0-9]+$' || exit 1
                [ -d "/sys/class/net/$iface" ] || exit 1
                ovs-vsctl --timeout=20 --db=unix:%1$s -- --if-exists del-port "$iface" || exit 1
                ovs-vsctl --timeout=20 --db=unix:%1$s add-port %2$s "$iface" tag=5 || exit 1
                echo "$iface" >> %3$s/plugged
                """);
        script("poststop", """
                iface=veth${LXC_NAME}i0
                if [ -d "/sys/class/net/$iface" ]; then ip link delete "$iface" || exit 1; fi
                ovs-vsctl --timeout=20 --db=unix:%1$s -- --if-exists del-port "$iface" || exit 1
                echo "$iface" >> %3$s/swept
                """);
    }

    private void script(String name, String text) throws IOException {
        String body = text.formatted(scene.ovs.socket(), TestHost.BRIDGE, folder);
        Files.setPosixFilePermissions(
                Files.writeString(folder.resolve(name), "#!/bin/sh\n" + body),
                PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @AfterAll
    void close() {
        scene.close();
        assertThat(scene.agent.logText()).doesNotContain(" ERROR ");
    }

    /**
     * A container as pct defines it: no bridge of LXC's own, a script that plugs the link and a hook that cleans up.
     */
    private Definition guest(String id) {
        return Definition.of(id)
                .pair("veth" + id + "i0")
                .line("lxc.net.0.script.up = " + folder.resolve("lxcnetaddbr"))
                .line("lxc.hook.post-stop = " + folder.resolve("poststop"));
    }

    @Test
    void the_script_that_plugs_and_the_hook_that_sweeps_find_the_link_in_twenty_lives() throws IOException {
        scene.lxc.create(guest("100"));
        for (int life = 1; life <= 20; life++) {
            scene.lxc.start("100");
            scene.awaitEnrolled("100", "veth100i0");
            scene.lxc.stop("100");
            scene.awaitPorts();
            int lives = life;
            eventually(() -> assertThat(
                            Files.readAllLines(folder.resolve("swept")).stream().filter("veth100i0"::equals))
                    .hasSize(lives));
        }
        assertThat(Files.readAllLines(folder.resolve("plugged")).stream().filter("veth100i0"::equals))
                .hasSize(20);
        assertThat(linkExists("veth100i0")).isFalse();
        eventually(() ->
                assertThat(LedgerStory.of(scene.agent).isToldOnce().open("100")).isEmpty());
    }

    @Test
    void the_counters_the_hot_plug_and_the_removal_find_the_link() {
        scene.run(guest("200"));
        scene.awaitEnrolled("200", "veth200i0");
        // The counters of pvestatd and of a node's container list: a line of /proc/net/dev.
        assertThat(sh("cat", "/proc/net/dev")).containsPattern(Pattern.compile("(?m)^\\s*veth200i0:\\s*\\d+"));
        assertThat(sh("ip", "-o", "link", "show", "vi200")).contains("veth200i0");
        assertThat(scene.agent.ledger("link.renamed", "200").get(0).data()).containsEntry("mode", "altname");
        assertThat(Rows.of(scene.ovs).tag("veth200i0")).isEqualTo("5");

        // Another MAC: port and link are deleted by name, and made again.
        unplug("200");
        sh("ip", "link", "add", "veth200i0", "type", "veth", "peer", "name", "veth200i0p");
        sh(folder.resolve("lxcnetaddbr").toString(), "200", "net", "up", "veth", "veth200i0");
        sh("ip", "link", "set", "veth200i0p", "netns", String.valueOf(scene.lxc.initPid("200")), "name", "eth0");
        // Between the two deletions the agent may see a port that another program has removed, and
        // restore it.
        eventually(() -> assertThat(scene.agent.ledger("container.enrolled", "200").stream()
                        .map(entry -> entry.data().get("index"))
                        .distinct())
                .hasSize(2));
        scene.awaitEnrolled("200", "veth200i0");
        eventually(() -> assertThat(sh("ip", "-o", "link", "show", "vi200")).contains("veth200i0"));
        assertThat(Rows.of(scene.ovs).tag("veth200i0")).isEqualTo("5");

        // The removal of the device from the running container.
        unplug("200");
        scene.awaitState("200", "without-link", "");
        scene.awaitPorts();
        scene.lxc.stop("200");
        eventually(() ->
                assertThat(LedgerStory.of(scene.agent).isToldOnce().open("200")).isEmpty());
    }

    private void unplug(String id) {
        String link = "veth" + id + "i0";
        scene.ovs.vsctl("--if-exists", "del-port", link);
        sh("ip", "link", "delete", link);
    }

    @Test
    void a_link_behind_the_firewalls_bridge_is_left_to_it() {
        sh("ip", "link", "add", "fwbr300i0", "type", "bridge");
        scene.run(Definition.of("300").link("fwbr300i0").pair("veth300i0"));

        scene.awaitState("300", "refused", "behind Proxmox's firewall bridge fwbr300i0");
        assertThat(linkExists("veth300i0")).isTrue();
        assertThat(sh("ip", "-o", "link", "show", "veth300i0"))
                .contains("master fwbr300i0")
                .doesNotContain("altname");
        assertThat(List.copyOf(scene.ports())).doesNotContain("veth300i0");
        scene.lxc.stop("300");
        sh("ip", "link", "delete", "fwbr300i0");
    }
}
