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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.opdbus.verticles.testing.FrameCount;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.PctDouble;
import org.opdbus.verticles.testing.PctDouble.Answer;

/**
 * A small Proxmox host: the double of pct, two bridges, a real agent, and on each bridge an access port of every VLAN
 * that the tests use and of no VLAN, which counts the frames that reach it. Every container here belongs to a VLAN. A
 * frame that reaches an access port of a VLAN and bridge for which the container was never configured has gone around
 * Proxmox's configuration.
 */
final class ProxmoxScene implements AutoCloseable {
    static final String OTHER_BRIDGE = "vmbr1";

    /** The VLAN of frames that carry no tag. */
    private static final int NO_VLAN = 0;

    /** The access ports before any container runs; each further VLAN of a configuration is added. */
    private static final List<Integer> VLANS = List.of(NO_VLAN, 5, 9, 10, 11, 12, 20, 30, 77);

    final PctDouble pct;
    final TestHost scene;
    final AgentProcess agent;
    private final Map<Place, FrameCount> sniffers = new HashMap<>();
    private final Map<String, Set<Place>> configured = new HashMap<>();
    private final List<Process> senders = new ArrayList<>();

    /** A place that frames can reach: one VLAN of one bridge. */
    private record Place(String bridge, int vlan) {}

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
        listen(VLANS);
        return this;
    }

    private void listen(List<Integer> vlans) {
        listen(TestHost.BRIDGE, "a", vlans);
        listen(OTHER_BRIDGE, "b", vlans);
    }

    /** Adds an access port of each of these VLANs to this bridge. */
    private void listen(String bridge, String prefix, List<Integer> vlans) {
        List<String> links = new ArrayList<>();
        List<String> ports = new ArrayList<>();
        for (int vlan : vlans) {
            String port = prefix + "port" + vlan;
            String ear = prefix + "ear" + vlan;
            links.add("link add " + port + " type veth peer name " + ear);
            links.add("link set " + port + " up");
            links.add("link set " + ear + " up");
            ports.addAll(List.of("--", "add-port", bridge, port, "tag=" + vlan));
        }
        Links.batch(links);
        scene.ovs.vsctl(ports.toArray(new String[0]));
        vlans.forEach(vlan -> sniffers.put(new Place(bridge, vlan), FrameCount.on(prefix + "ear" + vlan)));
    }

    /** Creates and starts a container with this first network device, and lets it send a hundred frames a second. */
    ProxmoxScene run(String vmid, String net) throws IOException {
        expect(vmid, net);
        pct.create(vmid, "name=eth0," + net);
        pct.must("start", vmid);
        send(vmid);
        return this;
    }

    /** Lets a running container send broadcasts. */
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

    /** From now on frames of this container may also reach the places that this configuration permits. */
    void expect(String vmid, String net) {
        Place place = new Place(part(net, "bridge"), Integer.parseInt(part(net, "tag")));
        if (!sniffers.containsKey(place)) {
            listen(List.of(place.vlan()));
        }
        configured.computeIfAbsent(vmid, id -> new HashSet<>()).add(place);
    }

    /**
     * Returns the frames of a container that have reached an access port of a VLAN and bridge for which it was never
     * configured. Ports of its own VLANs must have received frames of the container, otherwise silence elsewhere
     * proves nothing.
     */
    long strayFrames(String vmid) {
        String mac = mac(vmid);
        Set<Place> own = configured.getOrDefault(vmid, Set.of());
        eventually(() -> assertThat(frames(mac, own::contains))
                .as("frames of %s in its own VLANs", vmid)
                .isPositive());
        return frames(mac, place -> !own.contains(place));
    }

    private long frames(String mac, Predicate<Place> where) {
        return sniffers.entrySet().stream()
                .filter(sniffer -> where.test(sniffer.getKey()))
                .mapToLong(sniffer -> sniffer.getValue().from(mac))
                .sum();
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
        expect(vmid, net);
        Answer answer = pct.call("set", vmid, "--net0", "name=eth0,hwaddr=" + mac(vmid) + "," + net);
        assertThat(answer.exit()).as("%s\n%s", answer, agent.logText()).isZero();
    }

    /** Waits until the last recorded enrolment of a container has this bridge and VLAN. */
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
        sniffers.values().forEach(FrameCount::close);
        pct.destroyAll();
        scene.close();
        pct.remove();
    }
}
