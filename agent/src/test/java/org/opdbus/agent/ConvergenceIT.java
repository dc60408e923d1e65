// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.agent.TestHost.linkExists;
import static org.opdbus.agent.TestHost.sh;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.opdbus.ledger.Entry;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.LxcContainers.Definition;

/** Changes by others, daemons that end, links that appear and vanish: afterwards everything is as configured. */
@TestInstance(Lifecycle.PER_CLASS)
class ConvergenceIT {
    private static final double PING_INTERVAL_MS = 100;

    private static final int LINKS_EACH = 25;

    private final TestHost scene = new TestHost(Map.of());

    @BeforeAll
    void start() {
        scene.start();
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @Test
    void drift_of_a_port_is_reported_and_undone() {
        scene.run("100");
        scene.awaitEnrolled("100", "vi100");
        scene.ovs.addBridge("other0");

        scene.ovs.vsctl("del-port", "vi100");
        awaitDrift("100", "removed");
        scene.awaitEnrolled("100", "vi100");

        scene.ovs.vsctl("set", "Port", "vi100", "tag=7");
        assertThat(awaitDrift("100", "retagged").data())
                .containsEntry("before", Map.of("tag", "none"))
                .containsEntry("after", Map.of("tag", "7"));
        eventually(
                () -> assertThat(scene.ovs.vsctl("get", "Port", "vi100", "tag").strip())
                        .isEqualTo("[]"));

        sh("ip", "link", "set", "vi100", "name", "mine100");
        awaitDrift("100", "renamed");
        eventually(() -> assertThat(linkExists("vi100")).isTrue());

        scene.ovs.vsctl("remove", "Port", "vi100", "external_ids", "\"op-dbus:owner\"");
        awaitDrift("100", "unmarked");
        eventually(() -> assertThat(scene.ovs
                        .vsctl("get", "Port", "vi100", "external_ids:op-dbus\\:owner")
                        .strip())
                .isEqualTo("test"));

        String uuid = scene.ovs.vsctl("get", "Port", "vi100", "_uuid").strip();
        scene.ovs.vsctl(
                "remove", "Bridge", TestHost.BRIDGE, "ports", uuid, "--", "add", "Bridge", "other0", "ports", uuid);
        awaitDrift("100", "moved");
        eventually(() -> assertThat(scene.ports()).contains("vi100"));

        scene.lxc.stop("100");
        eventually(() -> assertThat(scene.ports()).doesNotContain("vi100"));
        assertThat(scene.agent.ledger("drift.seen", "100")).hasSize(5);
        scene.ovs.vsctl("del-br", "other0");
    }

    private Entry awaitDrift(String id, String what) {
        return eventually(() -> {
            List<Entry> seen = scene.agent.ledger("drift.seen", id).stream()
                    .filter(entry -> what.equals(entry.data().get("what")))
                    .toList();
            assertThat(seen).as(scene.agent.logText()).hasSize(1);
            return seen.get(0);
        });
    }

    @Test
    void open_vswitch_may_end_be_wiped_or_restored_at_any_time() throws IOException {
        scene.run("200");
        scene.awaitEnrolled("200", "vi200");
        Path older = Files.createTempFile("op-dbus-older", ".db");

        scene.ovs.killDatabase();
        Files.copy(scene.ovs.databaseFile(), older, StandardCopyOption.REPLACE_EXISTING);
        scene.run("201");
        scene.lxc.stop("200");
        scene.ovs.startDatabase();
        scene.awaitEnrolled("201", "vi201");
        eventually(() -> assertThat(scene.ports()).doesNotContain("vi200"));

        scene.ovs.killSwitch();
        scene.ovs.startSwitch();
        scene.lxc.start("200");
        scene.awaitEnrolled("200", "vi200");

        scene.ovs.killDatabase();
        Files.copy(older, scene.ovs.databaseFile(), StandardCopyOption.REPLACE_EXISTING);
        scene.ovs.startDatabase();
        scene.awaitEnrolled("200", "vi200");
        scene.awaitEnrolled("201", "vi201");

        scene.ovs.pauseDatabase();
        scene.run("202");
        scene.ovs.resumeDatabase();
        scene.awaitEnrolled("202", "vi202");

        scene.ovs.killDatabase();
        scene.ovs.wipeDatabase();
        scene.ovs.startDatabase();
        scene.awaitState("200", "refused", "no bridge");
        scene.ovs.addBridge(TestHost.BRIDGE);
        for (String id : List.of("200", "201", "202")) {
            scene.awaitEnrolled(id, "vi" + id);
        }
        scene.lxc.stopAll(List.of("200", "201", "202"));
        eventually(() -> assertThat(scene.ports()).noneMatch(port -> port.startsWith("vi20")));
        assertThat(scene.agent.verification().intact()).isTrue();
    }

    @Test
    void links_that_come_and_go_while_a_container_runs_are_followed() {
        scene.run("300");
        scene.awaitEnrolled("300", "vi300");
        String init = String.valueOf(scene.lxc.initPid("300"));

        sh("ip", "link", "add", "hot0", "type", "veth", "peer", "name", "hot0in");
        sh("ip", "link", "set", "hot0in", "netns", init);
        eventually(() -> assertThat(scene.ofport("vi300i1")).isPositive());

        sh("ip", "link", "del", "vi300i1");
        eventually(() -> assertThat(scene.ports()).doesNotContain("vi300i1"));
        scene.awaitEnrolled("300", "vi300");

        sh("ip", "link", "del", "vi300");
        eventually(() -> assertThat(scene.ports()).doesNotContain("vi300"));
        sh("ip", "link", "add", "again0", "type", "veth", "peer", "name", "again0in");
        sh("ip", "link", "set", "again0in", "netns", init);
        scene.awaitEnrolled("300", "vi300");
        sh("ip", "link", "set", "vi300", "address", "fe:00:00:00:00:01");
        scene.lxc.stop("300");
        eventually(() -> assertThat(scene.ports()).doesNotContain("vi300"));
    }

    @Test
    void a_port_that_lxc_made_keeps_every_attribute_when_it_is_swapped() {
        scene.ovs.pauseDatabase();
        scene.ovs.resumeDatabase();
        scene.agent.stop();
        scene.lxc.create(Definition.of("400").link(TestHost.BRIDGE).vlan(42));
        scene.lxc.start("400");
        String old = scene.ports().stream()
                .filter(port -> port.startsWith("veth"))
                .findFirst()
                .orElseThrow();
        scene.ovs.vsctl(
                "set",
                "Port",
                old,
                "trunks=10,20",
                "vlan_mode=native-tagged",
                "external_ids:mine=kept",
                "other_config:some=thing");
        scene.ovs.vsctl(
                "set", "Interface", old, "mtu_request=1400", "external_ids:inner=kept", "ingress_policing_rate=1000");
        scene.ovs.vsctl(
                "--",
                "--id=@m",
                "create",
                "Mirror",
                "name=m0",
                "--",
                "add",
                "Bridge",
                TestHost.BRIDGE,
                "mirrors",
                "@m",
                "--",
                "--id=@p",
                "get",
                "Port",
                old,
                "--",
                "set",
                "Mirror",
                "m0",
                "select_src_port=@p");
        String port = attributes(old);

        scene.agent.start();

        scene.awaitEnrolled("400", "vi400");
        assertThat(attributes("vi400")).isEqualTo(port);
        assertThat(scene.ovs.vsctl("get", "Mirror", "m0", "select_src_port").strip())
                .isEqualTo(
                        "[" + scene.ovs.vsctl("get", "Port", "vi400", "_uuid").strip() + "]");
        assertThat(scene.ovs.vsctl("get", "Port", "vi400", "external_ids:mine").strip())
                .isEqualTo("kept");
        scene.lxc.stop("400");
        eventually(() -> assertThat(scene.ports()).doesNotContain("vi400"));
        scene.ovs.vsctl("clear", "Bridge", TestHost.BRIDGE, "mirrors");
    }

    @Test
    void a_port_that_another_hand_removed_comes_back_with_its_vlan_its_trunks_and_their_mode() {
        scene.agent.stop();
        scene.lxc.create(Definition.of("500").link(TestHost.BRIDGE).vlan(42));
        scene.lxc.start("500");
        String made = scene.ports().stream()
                .filter(port -> port.startsWith("veth"))
                .findFirst()
                .orElseThrow();
        scene.ovs.vsctl("set", "Port", made, "trunks=10,20", "vlan_mode=native-tagged");
        scene.agent.start();
        scene.awaitEnrolled("500", "vi500");

        for (int removal = 1; removal <= 2; removal++) {
            String before = scene.ovs.vsctl("get", "Port", "vi500", "_uuid");
            scene.ovs.vsctl("del-port", "vi500");
            eventually(() ->
                    assertThat(scene.ovs.vsctl("get", "Port", "vi500", "_uuid")).isNotEqualTo(before));
            assertThat(scene.ovs
                            .vsctl("get", "Port", "vi500", "tag", "trunks", "vlan_mode")
                            .strip())
                    .isEqualTo("42\n[10, 20]\nnative-tagged");
            scene.awaitEnrolled("500", "vi500");
        }
        scene.lxc.stop("500");
        eventually(() -> assertThat(scene.ports()).doesNotContain("vi500"));
    }

    private String attributes(String port) {
        return scene.ovs.vsctl("get", "Port", port, "tag", "trunks", "vlan_mode", "other_config", "qos")
                + scene.ovs.vsctl(
                        "get", "Interface", port, "mtu_request", "ingress_policing_rate", "external_ids:inner");
    }

    @Test
    void at_most_one_packet_is_lost_over_swap_restart_kill_and_upgrade() throws IOException {
        scene.agent.stop();
        scene.run(Definition.of("600").link(TestHost.BRIDGE).address("10.8.0.1/24"));
        scene.run(Definition.of("601").link(TestHost.BRIDGE).address("10.8.0.11/24"));
        eventually(() -> sh("nsenter", "-t", init("600"), "-n", "ping", "-c", "1", "-W", "2", "10.8.0.11"));
        Path seen = Files.createTempFile("op-dbus-ping", ".txt");
        Process ping = new ProcessBuilder(
                        "nsenter",
                        "-t",
                        init("600"),
                        "-n",
                        "ping",
                        "-i",
                        String.valueOf(PING_INTERVAL_MS / 1000),
                        "10.8.0.11")
                .redirectOutput(seen.toFile())
                .start();

        for (Runnable begin : List.<Runnable>of(scene.agent::start, this::restart, this::kill, this::upgrade)) {
            begin.run();
            scene.awaitEnrolled("600", "vi600");
            scene.awaitEnrolled("601", "vi601");
            long heard = replies(seen);
            eventually(() -> assertThat(replies(seen)).isGreaterThan(heard + 2));
        }

        sh("kill", "-INT", String.valueOf(ping.pid()));
        Matcher count = eventually(() -> {
            Matcher found = Pattern.compile("(\\d+) packets transmitted, (\\d+) received")
                    .matcher(read(seen));
            assertThat(found.find()).isTrue();
            return found;
        });
        int lost = Integer.parseInt(count.group(1)) - Integer.parseInt(count.group(2));
        // A machine that is so busy that it delays answers delays Open vSwitch's change of the port
        // as well.
        assertThat(lost).as(read(seen)).isLessThanOrEqualTo((int) (1 + slowestMs(seen) / PING_INTERVAL_MS));
        scene.lxc.stopAll(List.of("600", "601"));
        eventually(() -> assertThat(scene.ports()).noneMatch(port -> port.startsWith("vi60")));
    }

    private void restart() {
        scene.agent.stop();
        scene.agent.start();
    }

    private void kill() {
        scene.agent.kill();
        scene.agent.start();
    }

    /** The package manager replaces the program, and the agent is restarted from the new copy. */
    private void upgrade() {
        scene.agent.stop();
        scene.agent.startFromCopy();
    }

    private static long replies(Path output) {
        return read(output).lines().filter(line -> line.contains("time=")).count();
    }

    private static double slowestMs(Path output) {
        return Pattern.compile("time=([0-9.]+) ms")
                .matcher(read(output))
                .results()
                .mapToDouble(answer -> Double.parseDouble(answer.group(1)))
                .max()
                .orElseThrow();
    }

    private String init(String id) {
        return String.valueOf(scene.lxc.initPid(id));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void two_hundred_links_within_a_moment_are_all_enrolled_amid_a_storm_of_strangers() {
        List<String> ids = IntStream.range(700, 708).mapToObj(String::valueOf).toList();
        ids.forEach(scene.lxc::create);
        scene.lxc.startAll(ids);
        ids.forEach(id -> scene.awaitEnrolled(id, "vi" + id));
        List<String> links = new ArrayList<>();
        List<String> strangers = new ArrayList<>();
        Set<String> expected = new TreeSet<>();
        for (String id : ids) {
            expected.add("vi" + id);
            for (int n = 1; n <= LINKS_EACH; n++) {
                links.add("link add hot" + id + "n" + n + " type veth peer name in" + n + " netns " + init(id));
                String stranger = "storm" + id + "n" + n;
                strangers.add(stranger);
                links.add("link add " + stranger + " type veth peer name mrots" + id + "n" + n);
                expected.add("vi" + id + "i" + n);
            }
        }
        long begin = System.nanoTime();
        Links.batch(links);
        long made = System.nanoTime();
        eventually(() -> {
            Rows rows = Rows.of(scene.ovs);
            assertThat(rows.ports().keySet()).containsAll(expected);
            assertThat(expected).allMatch(port -> rows.ofport(port) > 0);
        });
        System.out.printf(
                "%d links of containers and as many of strangers were made in %d ms; all were live after %d ms%n",
                ids.size() * LINKS_EACH, (made - begin) / 1_000_000, (System.nanoTime() - begin) / 1_000_000);

        assertThat(strangers).allMatch(TestHost::linkExists);
        ids.forEach(id -> scene.awaitEnrolled(id, "vi" + id));
        Links.batch(strangers.stream().map(name -> "link del " + name).toList());
        scene.lxc.stopAll(ids);
        eventually(() -> assertThat(scene.ports()).noneMatch(port -> port.startsWith("vi70")));
        eventually(() -> assertThat(ids)
                .allMatch(id -> LedgerStory.of(scene.agent).open(id).isEmpty()));
    }
}
