// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.Bridge;
import org.opdbus.events.PortEvent.BridgeAdded;
import org.opdbus.events.PortEvent.PortAdded;
import org.opdbus.events.PortEvent.PortRemoved;
import org.opdbus.verticles.ovsdb.OvsdbException.Reason;
import org.opdbus.verticles.testing.PrivateOvs;

class OvsdbVerticleIT {
    private final OvsLab lab = new OvsLab(new PrivateOvs());
    private final PrivateOvs ovs = lab.ovs;

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void a_database_that_is_absent_is_said_to_be_so_once_and_found_when_it_appears() {
        lab.watcher.expect(SourceLost.class, event -> event.source() == Source.OVSDB);
        assertThat(reasonOf("va")).isEqualTo(Reason.UNAVAILABLE);

        ovs.start();
        ovs.addBridge("br0");

        lab.added("br0");
        assertThat(lab.watcher.expect(BridgeAdded.class, event -> true).bridge())
                .isEqualTo(new Bridge("br0", "netdev"));
        assertThat(lab.watcher.seen(SourceLost.class)).hasSize(1);
        assertThat(lab.watcher.seen(SourceListed.class)).hasSize(1);
    }

    @Test
    void facts_converge_to_the_truth_whatever_happens_to_the_database() throws IOException {
        ovs.startDatabaseOnly();
        ovs.addBridge("br0");
        ovs.vsctl("add-port", "br0", "p1");
        converges();
        Path older = ovs.runDir().resolve("older.db");
        Files.copy(ovs.databaseFile(), older);
        ovs.vsctl("add-port", "br0", "p2", "--", "add-br", "br1", "--", "add-port", "br1", "p3");
        converges();

        restart(() -> {});
        assertThat(lab.portsHeard()).contains("br0/p2");
        assertThat(lab.watcher.seen(PortRemoved.class)).isEmpty();

        ovs.killDatabase();
        Files.copy(older, ovs.databaseFile(), StandardCopyOption.REPLACE_EXISTING);
        ovs.startDatabase();
        converges();
        assertThat(lab.portsHeard()).containsExactly("br0/br0", "br0/p1");
        assertThat(lab.bridgesHeard()).containsExactly("br0");

        restart(ovs::wipeDatabase);
        assertThat(lab.portsHeard()).isEmpty();

        ovs.addBridge("br0");
        converges();
        assertThat(lab.portsHeard()).containsExactly("br0/br0");
    }

    @Test
    void a_database_that_hangs_fails_calls_within_their_limit_and_is_used_again_when_it_goes_on() {
        ovs.startDatabaseOnly();
        ovs.addBridge("br0");
        lab.added("br0");

        ovs.pauseDatabase();
        // The server may still carry this out when it goes on, so it cannot be said that nothing was changed.
        assertThat(reasonOf("v1")).isEqualTo(Reason.UNKNOWN);
        lab.watcher.expect(SourceLost.class, event -> event.reason().contains("silent"));
        assertThat(reasonOf("v2")).isEqualTo(Reason.UNAVAILABLE);

        ovs.resumeDatabase();
        eventually(() -> assertThat(lab.watcher.seen(SourceListed.class)).hasSizeGreaterThanOrEqualTo(2));
        lab.attach("v3", "br0");
        converges();
    }

    @Test
    void the_servers_own_probe_is_answered() throws IOException {
        ovs.startDatabaseOnly();
        Path socket = ovs.runDir().resolve("probed.sock");
        // A second without a word makes the server ask, and a second more without an answer makes it hang up.
        ovs.vsctl("set-manager", "punix:" + socket, "--", "set", "Manager", ".", "inactivity_probe=1000");
        try (Stream<Path> files = Files.list(ovs.runDir())) {
            Path control = files.filter(file -> file.toString().endsWith(".ctl"))
                    .findFirst()
                    .orElseThrow();
            OvsLab.run("ovs-appctl", "-t", control.toString(), "vlog/set", "jsonrpc:file:dbg");
        }
        OvsLab probed = new OvsLab(ovs, socket, Duration.ofMinutes(10));

        Path log = ovs.runDir().resolve("ovsdb-server.log");
        eventually(() -> assertThat(Files.readString(log).split("received reply, .*id=\"echo\"", -1))
                .hasSizeGreaterThan(4));

        assertThat(probed.watcher.seen(SourceListed.class)).hasSize(1);
        assertThat(probed.watcher.seen(SourceLost.class)).hasSizeLessThanOrEqualTo(1);
        probed.vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void five_hundred_ports_are_one_picture() {
        ovs.startDatabaseOnly();
        ovs.addBridge("br0");
        List<String> command = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            command.addAll(List.of("--", "add-port", "br0", "p" + i, "tag=" + (1 + i)));
        }
        ovs.vsctl(command.toArray(String[]::new));
        converges();

        restart(() -> {});
        assertThat(lab.watcher.seen(PortAdded.class)).hasSize(501);
        assertThat(lab.watcher.seen(SourceListed.class).get(1).count()).isEqualTo(502);

        List<Long> micros = new ArrayList<>();
        lab.source.ports().warmUp().blockingAwait();
        for (int i = 0; i < 200; i++) {
            long start = System.nanoTime();
            lab.attach("q" + i, "br0");
            micros.add(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start));
        }
        micros.sort(null);
        System.out.println(
                "attach at 500 to 700 ports, microseconds: p50=" + micros.get(100) + " p99=" + micros.get(198));
        converges();
    }

    @Test
    void a_switch_that_dies_and_comes_back_is_no_loss() {
        ovs.start();
        ovs.addBridge("br0");
        lab.added("br0");
        OvsLab.addLink("vs");
        lab.attach("vs", "br0");
        lab.live("vs");

        ovs.killSwitch();
        OvsLab.addLink("vt");
        lab.attach("vt", "br0");
        ovs.startSwitch();

        lab.live("vt");
        assertThat(lab.watcher.seen(SourceListed.class)).hasSize(1);
    }

    private void restart(Runnable between) {
        int listings = lab.watcher.seen(SourceListed.class).size();
        ovs.killDatabase();
        between.run();
        ovs.startDatabase();
        eventually(() -> assertThat(lab.watcher.seen(SourceListed.class)).hasSizeGreaterThan(listings));
        converges();
    }

    private void converges() {
        eventually(() -> assertThat(lab.portsHeard()).isEqualTo(lab.portsTold()));
    }

    private Reason reasonOf(String name) {
        try {
            PortRequest request = new PortRequest(name, "br0", OvsLab.OURS, Map.of(), Optional.empty(), Set.of());
            lab.source.ports().attach(request).ignoreElement().blockingAwait();
        } catch (OvsdbException e) {
            return e.reason();
        }
        throw new AssertionError("it was done, though it should have failed");
    }
}
