// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.fuse.tree.Node;
import org.opdbus.verticles.fuse.tree.TreeChange;
import org.opdbus.verticles.fuse.tree.TreeChange.Modified;
import org.opdbus.verticles.ovsdb.OvsdbOptions;
import org.opdbus.verticles.ovsdb.rows.RowSource;
import org.opdbus.verticles.testing.PrivateOvs;

/** The tree over a real database. */
class HostTreeIT {
    private final PrivateOvs ovs = new PrivateOvs();
    private final Vertx vertx = Vertx.vertx();
    private final RowSource rows = new RowSource(
            vertx.getOrCreateContext(),
            new OvsdbOptions(
                    ovs.socket(),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(5),
                    Duration.ofMillis(20),
                    Duration.ofMillis(200)),
            RowSource.TABLES);
    private final HostTree tree = new HostTree(
            new HostTree.Sources(
                    rows, scheduler -> Flowable.never(), Optional.empty(), Optional.empty(), Optional.empty()),
            Clock.systemUTC());
    private Disposable open = Disposable.disposed();

    @BeforeEach
    void start() {
        ovs.startDatabaseOnly();
        ovs.addBridge("br0");
        open = tree.open(Schedulers.single());
        eventually(() -> assertThat(text("by-name", "bridges", "br0", "name")).isEqualTo("\"br0\"\n"));
    }

    @AfterEach
    void close() {
        open.dispose();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        ovs.close();
    }

    @Test
    void what_ovs_vsctl_changes_shows_and_is_said() {
        ovs.vsctl("add-port", "br0", "veth101i0", "tag=5");
        eventually(
                () -> assertThat(text("by-name", "ports", "veth101i0", "tag")).isEqualTo("5\n"));
        eventually(() -> assertThat(text("proxmox", "vm-101", "veth101i0.conf")).contains("bridge = br0\ntag = 5\n"));
        TestSubscriber<TreeChange> changes = tree.changes().test();

        ovs.vsctl("set", "Port", "veth101i0", "tag=6");

        Node.Folder folder = (Node.Folder) at("by-name", "ports", "veth101i0");
        eventually(() -> assertThat(changes.values())
                .contains(new Modified(
                        folder.id(), "tag", folder.child("tag").orElseThrow().id())));
        assertThat(text("by-name", "ports", "veth101i0", "tag")).isEqualTo("6\n");
        JsonObject row = new JsonObject(text("by-name", "ports", "veth101i0", "row.json"));
        assertThat(row.getInteger("tag")).isEqualTo(6);
        assertThat(row.getString("_uuid")).isEqualTo(ovs.vsctl("get", "Port", "veth101i0", "_uuid"));
        changes.cancel();
    }

    @Test
    void the_last_picture_stays_while_the_database_is_away() {
        ovs.killDatabase();

        eventually(() -> assertThat(text(".stale")).contains("\"since\":\"20", "Open vSwitch's database"));
        assertThat(text("by-name", "bridges", "br0", "name")).isEqualTo("\"br0\"\n");
        ovs.startDatabase();
        eventually(() -> assertThat(root().child(".stale")).isEmpty());
    }

    @Test
    void a_thousand_ports_with_statistics_are_whole_rows_that_agree() {
        addPorts(1_000);
        eventually(() -> assertThat(((Node.Folder) at("by-uuid", "interfaces")).folders())
                .isEqualTo(1_001));

        for (int round = 1; round <= 3; round++) {
            statistics(round);
            String expected = "\"rx_bytes\":" + round + "00000";
            eventually(() -> assertThat(text("by-name", "interfaces", "p999", "statistics"))
                    .contains(expected));
            ((Node.Folder) at("by-uuid", "interfaces")).forEach((uuid, node) -> {
                Node.Folder row = (Node.Folder) node;
                JsonObject whole = new JsonObject(content(row.child("row.json").orElseThrow()));
                row.forEach((name, file) -> {
                    assertThat(((Node.TextFile) file).size())
                            .isEqualTo(content(file).getBytes(StandardCharsets.UTF_8).length);
                    if (name.equals("statistics")) {
                        assertThat(whole.getJsonObject(name)).isEqualTo(new JsonObject(content(file)));
                    }
                });
            });
        }
    }

    @Test
    void a_thousand_ports_take_less_than_five_megabytes() {
        addPorts(1_000);
        statistics(1);
        eventually(() ->
                assertThat(text("by-name", "interfaces", "p999", "statistics")).contains("100000"));
        long with = used();

        open.dispose();
        eventually(() -> assertThat(rows.current().tables()).isEmpty());

        assertThat(with - used()).isBetween(500L << 10, 5L << 20);
    }

    /** Returns how much of the heap is in use after a collection. */
    private static long used() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        memory.gc();
        memory.gc();
        return memory.getHeapMemoryUsage().getUsed();
    }

    private void addPorts(int count) {
        for (int from = 0; from < count; from += 200) {
            List<String> command = new ArrayList<>();
            for (int i = from; i < from + 200; i++) {
                command.addAll(List.of("--", "add-port", "br0", "p" + i, "tag=" + (1 + i % 4000)));
                command.addAll(List.of(
                        "--",
                        "set",
                        "Interface",
                        "p" + i,
                        "external_ids:attached-mac=52:54:00:00:00:" + i,
                        "external_ids:iface-id=" + i,
                        "mac_in_use=\"52:54:00:00:00:01\"",
                        "ofport=" + (i + 1),
                        "status={driver_name=veth,driver_version=\"1.0\"}",
                        "admin_state=up",
                        "link_state=up",
                        "mtu=1500",
                        "ifindex=" + i,
                        "link_resets=2",
                        "link_speed=10000000000",
                        "duplex=full"));
            }
            ovs.vsctl(command.toArray(String[]::new));
        }
    }

    /** Gives every interface other statistics in one transaction, as ovs-vswitchd does every five seconds. */
    private void statistics(int round) {
        String values =
                "{collisions=0,rx_bytes=" + round + "00000,rx_crc_err=0,rx_dropped=0,rx_errors=0,rx_frame_err=0,"
                        + "rx_missed_errors=0,rx_over_err=0,rx_packets=" + round + "000,tx_bytes=" + round
                        + "00000,tx_dropped=0,tx_errors=0,tx_packets=" + round + "000}";
        List<String> command = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            command.addAll(List.of("--", "set", "Interface", "p" + i, "statistics=" + values));
        }
        ovs.vsctl(command.toArray(String[]::new));
    }

    private Node.Folder root() {
        return (Node.Folder) tree.node(HostTree.ROOT).orElseThrow();
    }

    /** Returns what a path leads to; a symbolic link of by-name is followed. */
    private Node at(String... path) {
        Node node = root();
        for (String name : path) {
            node = ((Node.Folder) node).child(name).orElseThrow();
            if (node instanceof Node.SymbolicLink link) {
                String[] target = link.target().replace("../", "").split("/", -1);
                node = at(target);
            }
        }
        return node;
    }

    private String text(String... path) {
        return content(at(path));
    }

    private static String content(Node file) {
        return new String(((Node.TextFile) file).content(), StandardCharsets.UTF_8);
    }
}
