// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.agent.TestHost.sh;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.opdbus.verticles.testing.FrameCount;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.PctDouble;
import org.opdbus.verticles.testing.PctDouble.Answer;

/**
 * A host of Proxmox in small: the double of pct, two bridges, a real agent, and on each bridge a port that is a member of no
 * VLAN, which counts the frames that reach it. Every container here belongs to a VLAN, so that a frame which comes there has
 * gone around Proxmox's configuration.
 */
final class ProxmoxScene implements AutoCloseable {
    static final String OTHER_BRIDGE = "vmbr1";

    final PctDouble pct;
    final TestHost scene;
    final AgentProcess agent;
    private final List<FrameCount> strangers = new ArrayList<>();
    private final List<Process> senders = new ArrayList<>();

    ProxmoxScene() {
        this(Map.of());
    }

    ProxmoxScene(Map<String, Object> settings) {
        try {
            Path folder = Files.createTempDirectory("op-dbus-pve");
            pct = PctDouble.in(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Object> all = new HashMap<>(Map.of(
                "lxc", Map.of("path", pct.lxcPath().toString(), "driver", "pct"),
                "proxmox", Map.of("confDir", pct.configurations().toString())));
        all.putAll(settings);
        scene = new TestHost(all);
        agent = scene.agent;
    }

    ProxmoxScene start() {
        scene.start();
        scene.ovs.addBridge(OTHER_BRIDGE);
        pct.plugsInto(scene.ovs);
        listen(TestHost.BRIDGE, "stranger0");
        listen(OTHER_BRIDGE, "stranger1");
        return this;
    }

    private void listen(String bridge, String port) {
        Links.addVeth(port, port + "p");
        Links.setUp(port);
        Links.setUp(port + "p");
        // The VLAN of frames that carry no tag.
        scene.ovs.vsctl("add-port", bridge, port, "tag=0");
        strangers.add(FrameCount.on(port + "p"));
    }

    /** Creates and starts a container with this first network device, and lets it send a hundred frames a second. */
    ProxmoxScene run(String vmid, String net) throws IOException {
        pct.create(vmid, "name=eth0," + net);
        pct.must("start", vmid);
        send(vmid);
        return this;
    }

    /** Lets a container that runs send to everybody. */
    void send(String vmid) throws IOException {
        String pid = sh("lxc-info", "-n", vmid, "-P", pct.lxcPath().toString(), "-p", "-H")
                .strip();
        String neighbour = "10.9.9.3";
        inside(pid, "ip", "address", "replace", "10.9.9.2/24", "dev", "eth0");
        inside(pid, "ip", "neigh", "replace", neighbour, "lladdr", "ff:ff:ff:ff:ff:ff", "dev", "eth0");
        senders.add(new ProcessBuilder("nsenter", "-t", pid, "-n", "ping", "-q", "-i", "0.01", neighbour)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    private static void inside(String pid, String... command) {
        List<String> words = new ArrayList<>(List.of("nsenter", "-t", pid, "-n"));
        words.addAll(List.of(command));
        sh(words.toArray(new String[0]));
    }

    /** The frames of a container that have reached a port of no VLAN. */
    long strayFrames(String vmid) {
        String mac = mac(vmid);
        return strangers.stream().mapToLong(count -> count.from(mac)).sum();
    }

    String mac(String vmid) {
        return part(pct.configured(vmid, "net0"), "hwaddr");
    }

    static String part(String net, String key) {
        for (String part : net.split(",", -1)) {
            if (part.startsWith(key + "=")) {
                return part.substring(key.length() + 1);
            }
        }
        return "";
    }

    /** Changes the first network device by pct; the call must succeed. */
    void set(String vmid, String net) {
        Answer answer = pct.call("set", vmid, "--net0", "name=eth0,hwaddr=" + mac(vmid) + "," + net);
        assertThat(answer.exit()).as("%s\n%s", answer, agent.logText()).isZero();
    }

    /** Waits until the last enrolment on record of a container says this of bridge and VLAN. */
    void awaitRecorded(String vmid, String bridge, int vlan) {
        eventually(() -> {
            var entries = agent.ledger("container.enrolled", vmid);
            assertThat(entries).as(agent.logText()).isNotEmpty();
            assertThat(entries.get(entries.size() - 1).data())
                    .containsEntry("bridge", bridge)
                    .containsEntry("vlan", (long) vlan);
        });
        scene.awaitEnrolled(vmid, "veth" + vmid + "i0");
    }

    /** The bridge that holds a port; empty if none does. */
    String bridgeOf(String port) {
        for (String bridge : List.of(TestHost.BRIDGE, OTHER_BRIDGE)) {
            if (scene.ovs.vsctl("list-ports", bridge).lines().anyMatch(port::equals)) {
                return bridge;
            }
        }
        return "";
    }

    @Override
    public void close() {
        senders.forEach(Process::destroy);
        strangers.forEach(FrameCount::close);
        pct.destroyAll();
        scene.close();
        pct.remove();
    }
}
