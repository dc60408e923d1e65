// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.agent.TestHost.sh;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.LxcContainers.Definition;
import org.opdbus.verticles.testing.SlowSocket;

/**
 * The agent receives facts from Open vSwitch's database later than those from the kernel and LXC, as on a busy host.
 * Every container keeps the VLAN that another program gave it, and has one row.
 *
 * <p>{@code -Dcontainers=500} starts this many with each delay; {@code -Dtogether=} is the number at a time.
 */
@TestInstance(Lifecycle.PER_CLASS)
class LateDatabaseIT {
    private static final int CONTAINERS = Integer.getInteger("containers", 0);
    private static final int TOGETHER = Integer.getInteger("together", 5);
    private static final int FEW = 3;
    private static final int STORM = 200;
    private static final String VLAN = "42";

    private final SlowSocket socket = new SlowSocket();
    private final TestHost scene = TestHost.through(ovs -> socket.before(ovs.socket()));
    private int lastId = 100;

    @BeforeAll
    void start() {
        scene.start();
    }

    @AfterAll
    void close() {
        scene.close();
        socket.close();
    }

    /**
     * The conditions of a run of starts.
     *
     * @param lateMs the delay of facts from the database
     * @param storm how many unmanaged links appear just before
     * @param cold whether the agent itself is started at the same time
     */
    private record Trouble(long lateMs, int storm, boolean cold) {}

    @Test
    void no_vlan_is_lost_at_100_ms() {
        startWithVlan(new Trouble(100, 0, false));
    }

    @Test
    void no_vlan_is_lost_at_300_ms() {
        startWithVlan(new Trouble(300, 0, false));
    }

    @Test
    void no_vlan_is_lost_at_2_500_ms() {
        startWithVlan(new Trouble(2_500, 0, false));
    }

    /** Only the storm itself causes delays. */
    @Test
    void no_vlan_is_lost_in_a_storm_of_strangers_links() {
        startWithVlan(new Trouble(0, STORM, false));
    }

    /** Only the agent's own first steps cause delays. */
    @Test
    void no_vlan_is_lost_while_the_agent_starts() {
        startWithVlan(new Trouble(0, 0, true));
    }

    private void startWithVlan(Trouble trouble) {
        int count = CONTAINERS == 0 ? FEW : CONTAINERS;
        int lost = 0;
        for (int begun = 0; begun < count; begun += TOGETHER) {
            List<String> ids = IntStream.range(0, Math.min(TOGETHER, count - begun))
                    .mapToObj(n -> String.valueOf(lastId++))
                    .toList();
            ids.forEach(id ->
                    scene.lxc.create(Definition.of(id).link(TestHost.BRIDGE).vlan(Integer.parseInt(VLAN))));
            socket.late(trouble.lateMs());
            start(ids, trouble);
            ids.forEach(id -> scene.awaitEnrolled(id, "vi" + id));
            Rows rows = Rows.of(scene.ovs);
            lost += (int) ids.stream()
                    .filter(id ->
                            !rows.tag("vi" + id).equals(VLAN) || rows.ports().size() != ids.size() + 1)
                    .count();
            // The rest is not tested here.
            socket.late(0);
            end(ids, rows);
        }
        System.out.printf("%s: %d of %d VLANs lost%n", trouble, lost, count);
        assertThat(lost).as(scene.agent.logText()).isZero();
        assertThat(scene.agent.ledger().stream().filter(entry -> entry.kind().equals("drift.seen")))
                .isEmpty();
        LedgerStory.of(scene.agent).isToldOnce();
    }

    private void start(List<String> ids, Trouble trouble) {
        links(trouble.storm(), "link add storm%1$d type veth peer name mrots%1$d");
        if (trouble.cold()) {
            scene.agent.kill();
            CompletableFuture<Void> starting = CompletableFuture.runAsync(scene.agent::start);
            scene.lxc.startAll(ids);
            starting.join();
        } else {
            scene.lxc.startAll(ids);
        }
        links(trouble.storm(), "link del storm%d");
    }

    private static void links(int count, String command) {
        Links.batch(IntStream.range(0, count).mapToObj(command::formatted).toList());
    }

    private void end(List<String> ids, Rows rows) {
        scene.lxc.stopAll(ids);
        // A row with a lost VLAN would remain, because it has no marks.
        rows.ports().keySet().stream()
                .filter(port -> port.startsWith("veth"))
                .forEach(port -> scene.ovs.vsctl("--if-exists", "del-port", port));
        scene.awaitPorts();
        ids.forEach(scene.lxc::destroy);
    }

    @Test
    void a_port_that_is_added_before_its_link_comes_into_the_container_keeps_its_vlan() {
        String id = String.valueOf(lastId++);
        scene.run(id);
        scene.awaitEnrolled(id, "vi" + id);
        socket.late(300);
        addLink("early0");
        scene.ovs.vsctl("--no-wait", "add-port", TestHost.BRIDGE, "early0", "tag=" + VLAN);
        moveIn("early0", id);

        awaitOneRow("vi" + id + "i1", "early0");
        stop(id);
    }

    @Test
    void a_port_that_is_added_after_its_link_has_come_into_the_container_keeps_its_vlan() {
        String id = String.valueOf(lastId++);
        scene.run(id);
        scene.awaitEnrolled(id, "vi" + id);
        socket.late(300);
        addLink("later0");
        moveIn("later0", id);
        scene.ovs.vsctl("--no-wait", "add-port", TestHost.BRIDGE, "later0", "tag=" + VLAN);

        awaitOneRow("vi" + id + "i1", "later0");
        stop(id);
    }

    @Test
    void a_port_that_is_added_under_the_earlier_name_of_an_enrolled_link_gives_it_its_vlan() {
        String id = String.valueOf(lastId++);
        scene.run(id);
        scene.awaitEnrolled(id, "vi" + id);
        addLink("latest0");
        moveIn("latest0", id);
        String port = "vi" + id + "i1";
        eventually(() -> assertThat(scene.ofport(port)).isPositive());
        scene.ovs.vsctl("--no-wait", "add-port", TestHost.BRIDGE, "latest0", "tag=" + VLAN);

        awaitOneRow(port, "latest0");
        scene.awaitEnrolled(id, "vi" + id);
        LedgerStory.of(scene.agent).isToldOnce();
        stop(id);
    }

    private static void addLink(String name) {
        sh("ip", "link", "add", name, "type", "veth", "peer", "name", name + "in");
    }

    private void moveIn(String name, String id) {
        sh("ip", "link", "set", name + "in", "netns", String.valueOf(scene.lxc.initPid(id)));
    }

    private void awaitOneRow(String port, String formerName) {
        eventually(() -> {
            Rows rows = Rows.of(scene.ovs);
            assertThat(rows.ofport(port)).as("ofport of %s", port).isPositive();
            assertThat(rows.tag(port))
                    .as("tag of %s, %s", port, rows.ports().keySet())
                    .isEqualTo(VLAN);
            assertThat(rows.ports()).doesNotContainKey(formerName);
            assertThat(rows.externalIds(port)).containsKey("op-dbus:entry");
        });
    }

    private void stop(String id) {
        socket.late(0);
        scene.lxc.stop(id);
        scene.awaitPorts();
        assertThat(Map.of("open", LedgerStory.of(scene.agent).open(id))).isEqualTo(Map.of("open", List.of()));
    }
}
