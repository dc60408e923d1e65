// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.LabEvent;
import org.opdbus.verticles.bus.VertxSettings;
import org.opdbus.verticles.lab.definition.LabChange;
import org.opdbus.verticles.lab.definition.LabEndpoint;
import org.opdbus.verticles.lab.definition.LabMachine;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.definition.LabStore;
import org.opdbus.verticles.lab.plan.LabStatus;
import org.opdbus.verticles.lab.process.HostLabProcesses;
import org.opdbus.verticles.lab.process.LabFolders;
import org.opdbus.verticles.lab.process.LabProcesses.LabProcess;
import org.opdbus.verticles.lab.space.HostLabSpace;
import org.opdbus.verticles.testing.Laboratory;
import org.opdbus.verticles.testing.Links;
import org.slf4j.LoggerFactory;

/** Labs with a real Open vSwitch in a real namespace; the machines are links. */
class LabVerticleIT {
    private static final int STEPS = Integer.getInteger("lab.steps", 20);
    private static final long SEED = Long.getLong("lab.seed", 24);
    private static final int LIMIT_S = 120;
    private static final LabMachine KVM =
            new LabMachine.Kvm(64, 1, Optional.of("/image"), Optional.empty(), Optional.empty(), "");

    @TempDir
    Path folder;

    private final VethMachines machines = new VethMachines();
    private final List<LabEvent> facts = new CopyOnWriteArrayList<>();
    private final Vertx vertx = Vertx.vertx(VertxSettings.common());
    private HostLabProcesses processes;
    private HostLabSpace space;
    private LabVerticle labs;

    @BeforeEach
    void open() {
        Laboratory.require();
        begin();
    }

    private void begin() {
        LabFolders folders = LabFolders.below(folder);
        processes = new HostLabProcesses(folders);
        space = new HostLabSpace(folders, processes);
        LabStore store = new LabStore(folder.resolve("definitions"));
        labs = new LabVerticle(
                new LabParts(vertx.getOrCreateContext(), folders, store, space, Map.of("kvm", machines), facts::add));
        assertThat(labs.rxStart().blockingAwait(LIMIT_S, TimeUnit.SECONDS)).isTrue();
    }

    /** What is left of an agent that ended: nothing but files and processes. */
    private void end() {
        assertThat(labs.rxStop().blockingAwait(LIMIT_S, TimeUnit.SECONDS)).isTrue();
        space.close();
        processes.close();
    }

    @AfterEach
    void close() {
        assertThat(labs.stop("net", true).blockingAwait(LIMIT_S, TimeUnit.SECONDS))
                .isTrue();
        end();
        assertThat(folder.resolve("labs/net")).doesNotExist();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private LabStatus change(LabChange... changes) {
        return labs.change("net", List.of(changes))
                .timeout(LIMIT_S, TimeUnit.SECONDS)
                .blockingGet();
    }

    private static LabChange add(String name, String endpoints) {
        return new LabChange.AddItem(name, KVM, endpoints, List.of());
    }

    private static LabChange join(String item, int number, String lan, int tag, Integer... trunks) {
        return new LabChange.JoinLan(item, number, new LabEndpoint.Place(lan, tag, List.of(trunks)));
    }

    private String vsctl(String... arguments) {
        return contents().vsctl(arguments);
    }

    private SwitchContents contents() {
        return new SwitchContents(space.databaseSocket("net"));
    }

    private void kill(String role) {
        processes.running("net").blockingGet().stream()
                .filter(process -> process.role().equals(role))
                .map(LabProcess::pid)
                .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    private LabStatus settled() {
        return eventually(() -> {
            LabStatus status = labs.status("net").blockingGet();
            assertThat(status.trouble()).isEmpty();
            assertThat(status.settled()).isTrue();
            assertThat(space.runs("net").blockingGet()).isTrue();
            contents().requireExactly(status.definition());
            return status;
        });
    }

    @Test
    void endpoints_spies_and_vlans_are_as_the_definition_says_after_each_kill() {
        assertThat(labs.start("net", true).blockingGet().running()).isTrue();
        change(add("a", "sv"), add("b", "v".repeat(2)), join("a", 0, "lan01", 0), join("b", 0, "lan01", 7));
        change(join("a", 1, "lan02", 8, 9, 10));
        settled();
        assertThat(vsctl("get", "Port", "_k_2_0", "tag")).isEqualTo("7");
        assertThat(vsctl("get", "Port", "_k_1_1", "tag", "trunks", "vlan_mode").lines())
                .containsExactly("8", "[9, 10]", "native-untagged");
        assertThat(vsctl("get", "Interface", "s_k_1_0", "type")).isEqualTo("internal");
        assertThat(facts).filteredOn(LabEvent.EndpointJoined.class::isInstance).hasSize(3);

        kill("ovs-vswitchd");
        kill("ovsdb-server");
        change(new LabChange.Spy("b", 0, true));
        settled();

        end();
        begin();
        settled();
        change(new LabChange.Spy("a", 0, false), new LabChange.RemoveItem("b"));
        settled();
        assertThatThrownBy(() -> change(add(VethMachines.BROKEN, "s"), add("c", "s")))
                .isInstanceOf(LabRefusal.class)
                .hasMessageContaining("the image of broken is missing");
        assertThat(settled().definition().items()).containsOnlyKeys("a");
    }

    @Test
    void counters_say_what_a_machine_sent_and_received() {
        labs.start("net", true).ignoreElement().blockingAwait();
        change(add("a", "v"), add("b", "v"), join("a", 0, "lan01", 0), join("b", 0, "lan01", 0));
        Links.ipInside("cloonix_net", "address", "add", "10.9.9.1/24", "dev", "p_k_1_0");
        Links.ipInside("cloonix_net", "neigh", "add", "10.9.9.2", "lladdr", "02:00:00:00:00:99", "dev", "p_k_1_0");
        Links.ip("netns", "exec", "cloonix_net", "bash", "-c", "echo hello > /dev/udp/10.9.9.2/9");

        eventually(() -> {
            Map<String, Map<String, Long>> counters = labs.statistics("net").blockingGet();
            assertThat(counters).containsOnlyKeys("_k_1_0", "_k_2_0");
            assertThat(counters.get("_k_1_0"))
                    .hasEntrySatisfying("sent_packets", sent -> assertThat(sent).isPositive())
                    .containsEntry("received_packets", 0L)
                    .containsKeys("sent_bytes", "sent_dropped", "sent_errors", "received_dropped", "received_errors");
            assertThat(counters.get("_k_2_0"))
                    .hasEntrySatisfying(
                            "received_packets", received -> assertThat(received).isPositive())
                    .containsEntry("sent_packets", 0L);
        });
        labs.stop("net", false).blockingAwait();
        assertThat(labs.statistics("net").blockingGet()).isEmpty();
    }

    @Test
    void a_random_story_ends_as_its_definition_says() {
        Random random = new Random(SEED);
        labs.start("net", true).ignoreElement().blockingAwait();
        for (int step = 0; step < STEPS; step++) {
            String item = "i" + random.nextInt(5);
            int number = random.nextInt(2);
            String lan = "lan" + random.nextInt(3);
            switch (random.nextInt(7)) {
                case 0 -> attempt(add(item, "sv"));
                case 1, 2 -> attempt(add(item, "sv"), join(item, number, lan, random.nextInt(3)));
                case 3 -> attempt(new LabChange.Spy(item, number, random.nextBoolean()));
                case 4 -> attempt(new LabChange.RemoveItem(item));
                case 5 -> attempt(join(item, number, lan, 0));
                default -> kill(random.nextBoolean() ? "ovs-vswitchd" : "ovsdb-server");
            }
        }
        settled();
    }

    @Test
    void a_stop_that_cannot_end_a_machine_fails_and_a_second_one_leaves_that_machine_and_ends_the_rest() {
        labs.start("net", true).ignoreElement().blockingAwait();
        change(add("a", "v"), add(VethMachines.STUCK, "v"));
        assertThatThrownBy(() -> labs.stop("net", false).blockingAwait())
                .isInstanceOf(LabRefusal.class)
                .hasMessage("stuck does not end");
        LabStatus status = labs.status("net").blockingGet();
        assertThat(status.settled()).isFalse();
        assertThat(status.trouble()).containsEntry("net", "it could not be stopped: stuck does not end");
        assertThatThrownBy(() -> change(add("b", "v")))
                .isInstanceOf(LabRefusal.class)
                .hasMessage("the lab net is only partly stopped");
        // No round has started again what the stop has ended.
        assertThat(machines.states("net").blockingGet()).containsOnlyKeys(VethMachines.STUCK);

        assertThat(labs.start("net", false).blockingGet().running()).isTrue();
        settled();
        assertThat(machines.states("net").blockingGet()).containsOnlyKeys("a", VethMachines.STUCK);
        assertThatThrownBy(() -> labs.stop("net", false).blockingAwait()).isInstanceOf(LabRefusal.class);
        assertThat(labs.stop("net", false).blockingAwait(LIMIT_S, TimeUnit.SECONDS))
                .isTrue();
        assertThat(space.wanted().blockingGet()).isEmpty();
        assertThat(labs.status("net").blockingGet().running()).isFalse();
    }

    /** A change that is not possible, or not at once, is told; the end must be right either way. */
    private void attempt(LabChange... changes) {
        try {
            change(changes);
        } catch (RuntimeException told) {
            assertThat(told.getMessage()).isNotBlank();
        }
    }

    @Test
    void a_hundred_endpoints_on_twenty_lans_are_one_change() {
        labs.start("net", true).ignoreElement().blockingAwait();
        List<LabChange> items = new ArrayList<>();
        List<LabChange> joins = new ArrayList<>();
        IntStream.range(0, 25).forEach(i -> {
            items.add(add("i" + i, "v".repeat(4)));
            IntStream.range(0, 4).forEach(number -> joins.add(join("i" + i, number, "lan" + (4 * i + number) % 20, 0)));
        });
        change(items.toArray(LabChange[]::new));
        long began = System.nanoTime();
        LabStatus status = change(joins.toArray(LabChange[]::new));
        LoggerFactory.getLogger(getClass())
                .info("100 endpoints on 20 LANs: {} ms", (System.nanoTime() - began) / 1_000_000);
        assertThat(status.settled()).isTrue();
        assertThat(status.picture().lans()).hasSize(20);
    }
}
