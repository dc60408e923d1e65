// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabEndpoint;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine;
import org.opdbus.verticles.lab.definition.LabStore;
import org.opdbus.verticles.lab.machine.SmallMachine;
import org.opdbus.verticles.lab.process.HostLabProcesses;
import org.opdbus.verticles.lab.process.LabFolders;
import org.opdbus.verticles.lab.process.LabProcesses.LabProcess;
import org.opdbus.verticles.testing.Laboratory;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.LxcContainers;
import org.opdbus.verticles.testing.LxcContainers.Definition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Labs with everything real: Open vSwitch, machines of qemu, containers of LXC, taps. Their daemons and machines and the agent itself, a
 * process of its own, are killed while it adds and removes. {@code -Dlab.steps}, {@code -Dlab.rounds} and {@code -Dlab.seed} choose a
 * longer story, or another one.
 */
@Timeout(3_600)
class LabRandomIT {
    private static final Logger LOG = LoggerFactory.getLogger(LabRandomIT.class);
    private static final int STEPS = Integer.getInteger("lab.steps", 12);
    private static final int ROUNDS = Integer.getInteger("lab.rounds", 3);
    private static final long SEED = Long.getLong("lab.seed", 24);
    private static final int KILL_WITHIN_MS = 400;
    /** A machine that was killed often is started again after up to a minute. */
    private static final int PATIENCE = 3;

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private final Map<String, Integer> kills = new TreeMap<>();
    private LabFolders folders;
    private HostLabProcesses processes;
    private LxcContainers containers;
    private LabTraces before;
    private LabAgentProcess agent;

    @BeforeEach
    void open() {
        Laboratory.require();
        folders = LabFolders.below(folder);
        processes = new HostLabProcesses(folders);
        containers = new LxcContainers();
        containers.create(Definition.of("c0").withoutNetwork());
        containers.create(Definition.of("c1").withoutNetwork());
        before = LabTraces.now();
        agent = LabAgentProcess.start(folder, containers.lxcPath());
    }

    @AfterEach
    void close() {
        agent.close();
        processes.close();
        containers.close();
    }

    @Test
    void a_lab_becomes_what_its_definition_says_after_each_kill_and_a_stop_leaves_nothing() throws Exception {
        assertThat(agent.ask("start net")).isEqualTo("OK");
        int refused = 0;
        long began = System.nanoTime();
        for (int step = 0; step < STEPS; step++) {
            String command = command();
            agent.say("change net " + command);
            String killed = random.nextBoolean() ? killLater() : "";
            String answer = agent.answer();
            LOG.info("step={} command=\"{}\" killed={} answer=\"{}\"", step, command, killed, answer);
            assertThat(answer).doesNotContain("not in words");
            refused += answer.startsWith("KO") ? 1 : 0;
            if (!agent.isAlive() || answer.equals(LabAgentProcess.KILLED)) {
                agent.close();
                agent = LabAgentProcess.start(folder, containers.lxcPath());
                eventually(() -> assertThat(agent.ask("settled net")).doesNotContain("there is no lab"));
            }
        }
        requireAsDefined();
        LOG.info(
                "seed={} steps={} refused={} kills={} took {} s",
                SEED,
                STEPS,
                refused,
                kills,
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began));

        assertThat(agent.ask("stop net")).isEqualTo("OK");
        requireNothingLeft("after the story");
        assertThat(store().names()).containsExactly("net");
    }

    /** Adds what is not there, and changes or removes what is. */
    private String command() throws IOException {
        String name = List.of("k0", "c0", "c1", "made", "t0", "t1").get(random.nextInt(6));
        int action = random.nextInt(5);
        LabItem item = store().load("net").orElseThrow().items().get(name);
        if (item == null) {
            return add(name);
        }
        LabEndpoint endpoint =
                item.endpoints().get(random.nextInt(item.endpoints().size()));
        String which = name + " " + endpoint.number() + " ";
        return switch (action) {
            case 0 -> "spy " + which + (endpoint.spied() ? "off" : "on");
            case 1, 2 ->
                endpoint.place()
                        .map(place -> "del lan " + which + place.lan())
                        .orElse("add lan " + which + "lan" + random.nextInt(3)
                                + (random.nextBoolean() ? "" : " tag=7"));
            default -> "del " + name;
        };
    }

    private static String add(String item) {
        return switch (item.charAt(0)) {
            case 'k' -> SmallMachine.command(item, "10.7.0.1/24", "sv");
            case 'm' -> "add lxc " + item + " eth=sv template=busybox";
            case 'c' -> "add lxc " + item + " eth=vs";
            default -> "add tap " + item;
        };
    }

    /** Kills a daemon, a machine or the agent while it works; returns which. */
    private String killLater() throws InterruptedException {
        new CountDownLatch(1).await(random.nextInt(KILL_WITHIN_MS), TimeUnit.MILLISECONDS);
        List<LabProcess> running = processes.running("net").blockingGet();
        int victim = random.nextInt(running.size() + 1);
        if (victim == running.size()) {
            agent.kill();
            return killed("agent");
        }
        LabProcess process = running.get(victim);
        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);
        return killed(process.role().replaceAll("-[0-9]+$", ""));
    }

    private String killed(String role) {
        kills.merge(role, 1, Integer::sum);
        return role;
    }

    private void requireAsDefined() throws IOException {
        for (int patience = 1; true; patience++) {
            try {
                eventually(() -> {
                    assertThat(agent.ask("settled net")).isEqualTo("OK");
                    requireExactly(store().load("net").orElseThrow());
                });
                return;
            } catch (AssertionError notYet) {
                if (patience == PATIENCE) {
                    throw notYet;
                }
            }
        }
    }

    private void requireExactly(LabDefinition definition) throws IOException {
        new SwitchContents(folders.databaseSocket("net")).requireExactly(definition);
        assertThat(Links.ipInside("cloonix_net", "-o", "link")
                        .lines()
                        .map(line -> line.replaceAll("^[0-9]+: ([^:@]+)[:@].*", "$1"))
                        .filter(name -> name.startsWith("_k_")))
                .containsExactlyInAnyOrderElementsOf(definition.items().values().stream()
                        .flatMap(item -> item.endpoints().stream().map(item::portOf))
                        .toList());
        TreeSet<String> roles = definition.items().values().stream()
                .filter(item -> item.machine() instanceof LabMachine.Kvm)
                .map(item -> "kvm-" + item.id())
                .collect(Collectors.toCollection(TreeSet::new));
        roles.addAll(List.of("ovsdb-server", "ovs-vswitchd"));
        assertThat(processes.running("net").blockingGet().stream().map(LabProcess::role))
                .containsExactlyInAnyOrderElementsOf(roles);
        assertThat(LabTraces.programs().stream().filter(program -> !program.startsWith("lxc")))
                .hasSize(roles.size());
        String taps = Links.ip("-o", "link");
        for (String name : List.of("c0", "c1", "t0", "t1", "made")) {
            LabItem item = definition.items().get(name);
            if (name.startsWith("t")) {
                assertThat(taps.contains(" " + name + "@")).as(name).isEqualTo(item != null);
            } else if (item != null || !name.equals("made")) {
                assertThat(containers.state(name)).as(name).isEqualTo(item == null ? "STOPPED" : "RUNNING");
            } else {
                assertThat(containers.lxcPath().resolve(name)).doesNotExist();
            }
        }
    }

    private LabStore store() {
        return new LabStore(LabProgram.definitions(folder));
    }

    private void requireNothingLeft(String story) throws IOException {
        // A daemon of LXC ends a moment after its container.
        eventually(() -> before.requireNothingLeft(story));
        assertThat(folders.labs()).isEmptyDirectory();
        assertThat(containers.state("c0") + containers.state("c1")).isEqualTo("STOPPEDSTOPPED");
        assertThat(containers.lxcPath().resolve("made")).doesNotExist();
        assertThat(Files.exists(folders.namespace("net"))).isFalse();
    }

    @Test
    void starts_that_are_killed_leave_nothing_after_the_next_start_and_a_stop() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            agent.say("start net");
            new CountDownLatch(1).await(random.nextInt(1_500), TimeUnit.MILLISECONDS);
            agent.kill();
            agent.close();
            agent = LabAgentProcess.start(folder, containers.lxcPath());
            assertThat(agent.ask("start net"))
                    .as("seed %d round %d", SEED, round)
                    .isEqualTo("OK");
            eventually(() -> assertThat(agent.ask("settled net")).isEqualTo("OK"));
            if (round % 2 == 0) {
                assertThat(agent.ask("change net add tap t0")).isEqualTo("OK");
            }
            assertThat(agent.ask("stop net"))
                    .as("seed %d round %d", SEED, round)
                    .isEqualTo("OK");
            requireNothingLeft("seed " + SEED + " round " + round);
            assertThat(agent.ask("start net")).isEqualTo("OK");
            assertThat(agent.ask("change net del t0")).startsWith(round % 2 == 0 ? "OK" : "KO");
            assertThat(agent.ask("stop net")).isEqualTo("OK");
        }
        LOG.info("seed={} rounds={} of start, SIGKILL, start and stop left nothing", SEED, ROUNDS);
    }
}
