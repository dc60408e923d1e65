// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.process.HostLabProcesses;
import org.opdbus.verticles.lab.process.LabFolders;
import org.opdbus.verticles.lab.process.LabProcesses.LabProcess;
import org.opdbus.verticles.testing.Laboratory;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.PrivateOvs;

/** The ground of labs with the real Open vSwitch, and with the kernel's namespaces. */
class LabSpaceIT {
    private static final int ROUNDS = Integer.getInteger("lab.rounds", 6);
    private static final int LIMIT_S = 60;

    @TempDir
    Path runtime;

    private LabFolders folders;
    private HostLabProcesses processes;
    private HostLabSpace space;
    private List<String> processesBefore;
    private String namespacesBefore;

    @BeforeEach
    void open() throws IOException {
        Laboratory.require();
        folders = LabFolders.below(runtime);
        processesBefore = daemons();
        namespacesBefore = Links.ip("netns", "list");
        begin();
    }

    private void begin() {
        processes = new HostLabProcesses(folders);
        space = new HostLabSpace(folders, processes);
    }

    /** What is left of an agent that was killed: nothing but files and processes. */
    private void end() {
        space.close();
        processes.close();
    }

    @AfterEach
    void close() throws IOException {
        for (String lab : List.of("net", "one", "two", "three")) {
            await(space.remove(lab));
        }
        end();
        assertThat(Links.ip("netns", "list")).isEqualTo(namespacesBefore);
        assertThat(daemons()).isEqualTo(processesBefore);
        assertThat(folders.labs())
                .satisfiesAnyOf(
                        folder -> assertThat(folder).doesNotExist(),
                        folder -> assertThat(folder).isEmptyDirectory());
    }

    @Test
    void a_lab_is_a_namespace_with_a_switch_of_its_own_and_the_host_stays_as_it_was() {
        try (PrivateOvs host = new PrivateOvs().start()) {
            Links.addNamespace("other");
            host.addBridge("br0");
            String links = Links.ip("-o", "link");
            String others = Links.ip("netns", "list");
            String rows = host.vsctl("--columns=_uuid,name", "list", "Interface");

            await(space.ensure("net"));

            assertThat(Links.ip("netns", "list")).contains("cloonix_net");
            assertThat(space.runs("net").blockingGet()).isTrue();
            assertThat(space.wanted().blockingGet()).containsExactly("net");
            vsctl("net", "add-br", "_b_lan", "--", "set", "bridge", "_b_lan", "datapath_type=" + space.datapath());
            assertThat(vsctl("net", "get", "Interface", "_b_lan", "ofport")).isEqualTo("65534");
            assertThat(Links.ipInside("cloonix_net", "-o", "link")).contains("_b_lan", "lo: <LOOPBACK,UP");
            assertThat(Links.ipInside("cloonix_net", "-6", "address")).isEmpty();
            assertThat(Links.ip("-o", "link")).isEqualTo(links);

            await(space.remove("net"));

            assertThat(Links.ip("-o", "link")).isEqualTo(links);
            assertThat(Links.ip("netns", "list")).isEqualTo(others);
            assertThat(host.vsctl("--columns=_uuid,name", "list", "Interface")).isEqualTo(rows);
            assertThat(space.runs("net").blockingGet()).isFalse();
            assertThat(space.wanted().blockingGet()).isEmpty();
            assertThat(folders.of("net")).doesNotExist();
        } finally {
            Links.deleteNamespace("other");
        }
    }

    @Test
    void the_processes_of_a_lab_inherit_nothing_of_the_agent() throws IOException {
        await(space.ensure("net"));

        for (LabProcess process : processes.running("net").blockingGet()) {
            Path proc = Path.of("/proc", Long.toString(process.pid()));
            // Field 6 of the line is the session; behind the name, it is the fourth.
            String stat = Files.readString(proc.resolve("stat"));
            assertThat(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[3])
                    .isEqualTo(Long.toString(process.pid()));
            assertThat(Files.readString(proc.resolve("environ")).split("\0", -1))
                    .allMatch(variable -> variable.isEmpty()
                            || variable.matches("(PATH|HOME|LANG|OVS_[A-Z]+|PWD|OLDPWD|SHLVL|_)=.*"));
            assertThat(Files.readString(proc.resolve("oom_score_adj")).strip()).isEqualTo("0");
            try (Stream<Path> descriptors = Files.list(proc.resolve("fd"))) {
                assertThat(descriptors.map(LabSpaceIT::target))
                        .noneMatch(target -> target.endsWith(".jar") || target.endsWith("modules"));
            }
            assertThat(Files.readSymbolicLink(proc.resolve("ns/net")).toString())
                    .isEqualTo("net:[" + Files.getAttribute(folders.namespace("net"), "unix:ino") + "]");
        }
    }

    @Test
    void a_new_agent_adopts_what_runs() {
        await(space.ensure("net"));
        vsctl("net", "add-br", "_b_lan");
        Map<String, Long> before = pids("net");

        end();
        begin();

        assertThat(space.wanted().blockingGet()).containsExactly("net");
        assertThat(space.runs("net").blockingGet()).isTrue();
        await(space.ensure("net"));
        assertThat(pids("net")).isEqualTo(before);
        assertThat(vsctl("net", "list-br")).isEqualTo("_b_lan");
        TestSubscriber<String> changes = space.changes().test();
        kill(pid("net", LabDaemons.SWITCH));
        eventually(() -> assertThat(space.runs("net").blockingGet()).isTrue());
        eventually(() -> assertThat(changes.values()).hasSizeGreaterThanOrEqualTo(2));
    }

    @Test
    void daemons_that_are_killed_come_back_with_the_database_as_it_was() {
        await(space.ensure("net"));
        vsctl("net", "add-br", "_b_lan", "--", "set", "bridge", "_b_lan", "datapath_type=" + space.datapath());
        for (String role : List.of(LabDaemons.DATABASE, LabDaemons.SWITCH)) {
            TestSubscriber<String> changes = space.changes().test();
            long before = pid("net", role);

            kill(before);

            eventually(() -> assertThat(changes.values()).hasSizeGreaterThanOrEqualTo(2));
            assertThat(changes.values()).containsOnly("net");
            assertThat(pids("net")).containsKeys(LabDaemons.DATABASE, LabDaemons.SWITCH);
            assertThat(pid("net", role)).isNotEqualTo(before);
            assertThat(vsctl("net", "list-br")).isEqualTo("_b_lan");
            eventually(() -> assertThat(vsctl("net", "get", "Interface", "_b_lan", "ofport"))
                    .isEqualTo("65534"));
        }
    }

    @Test
    void three_labs_run_at_once_with_the_same_names() {
        List<String> labs = List.of("one", "two", "three");

        await(Completable.merge(labs.stream().map(space::ensure).toList()));

        for (String lab : labs) {
            vsctl(lab, "add-br", "_b_lan", "--", "set", "bridge", "_b_lan", "datapath_type=" + space.datapath());
            assertThat(vsctl(lab, "get", "Interface", "_b_lan", "ofport")).isEqualTo("65534");
            assertThat(Links.ip("netns", "list")).contains("cloonix_" + lab);
        }
        await(space.remove("two"));
        assertThat(space.wanted().blockingGet()).containsExactly("one", "three");
        assertThat(vsctl("one", "list-br")).isEqualTo("_b_lan");
    }

    @Test
    void a_namespace_that_no_lab_made_is_refused_and_left_alone() {
        Links.addNamespace("cloonix_net");
        try {
            assertThatThrownBy(() -> await(space.ensure("net")))
                    .isInstanceOf(LabRefusal.class)
                    .hasMessageContaining("cloonix_net that op-dbus did not make");
            assertThat(folders.of("net")).doesNotExist();
            await(space.remove("net"));
            assertThat(Links.ip("netns", "list")).contains("cloonix_net");
        } finally {
            Links.deleteNamespace("cloonix_net");
        }
    }

    @Test
    void a_lab_without_a_place_for_its_files_is_refused_and_makes_no_namespace() throws IOException {
        Path file = Files.createFile(runtime.resolve("file"));
        try (HostLabProcesses others = new HostLabProcesses(LabFolders.below(file));
                HostLabSpace nowhere = new HostLabSpace(LabFolders.below(file), others)) {
            assertThatThrownBy(() -> await(nowhere.ensure("net")))
                    .isInstanceOf(LabRefusal.class)
                    .hasMessageContaining(file.toString());
        }
        assertThat(Links.ip("netns", "list")).isEqualTo(namespacesBefore);
    }

    @Test
    void a_namespace_that_lost_its_name_is_made_again() {
        await(space.ensure("net"));
        Map<String, Long> before = pids("net");
        Links.deleteNamespace("cloonix_net");
        assertThat(space.runs("net").blockingGet()).isFalse();

        await(space.ensure("net"));

        assertThat(space.runs("net").blockingGet()).isTrue();
        assertThat(pids("net").values()).doesNotContainAnyElementsOf(before.values());
    }

    @Test
    void a_mark_of_a_former_boot_counts_for_nothing() throws IOException {
        Files.createDirectories(folders.of("net"));
        Files.writeString(folders.wanted("net"), "00000000-0000-4000-8000-000000000000\n");
        Files.writeString(folders.of("net").resolve("ovsdb-server.pid"), "1 0\n");

        assertThat(space.wanted().blockingGet()).isEmpty();
        await(space.ensure("net"));

        assertThat(space.runs("net").blockingGet()).isTrue();
    }

    @Test
    void rounds_of_starts_and_kills_leave_nothing() throws IOException {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            // With another agent, or with the one that began it.
            await(space.ensure("net"));
            List<Long> running = new ArrayList<>(pids("net").values());
            for (long pid : running) {
                if (random.nextBoolean()) {
                    kill(pid);
                }
            }
            if (random.nextBoolean()) {
                end();
                begin();
            }
            if (random.nextBoolean()) {
                await(space.ensure("net"));
                assertThat(space.runs("net").blockingGet())
                        .as("seed %d round %d", seed, round)
                        .isTrue();
            }
            await(space.remove("net"));
            assertThat(daemons()).as("seed %d round %d", seed, round).isEqualTo(processesBefore);
            assertThat(Links.ip("netns", "list")).isEqualTo(namespacesBefore);
            assertThat(folders.of("net")).doesNotExist();
        }
    }

    private static void await(Completable work) {
        if (!work.blockingAwait(LIMIT_S, TimeUnit.SECONDS)) {
            throw new AssertionError("did not end within " + LIMIT_S + " s");
        }
    }

    private Map<String, Long> pids(String lab) {
        return processes.running(lab).blockingGet().stream()
                .collect(Collectors.toMap(LabProcess::role, LabProcess::pid));
    }

    private long pid(String lab, String role) {
        Long pid = pids(lab).get(role);
        if (pid == null) {
            throw new AssertionError(role + " does not run");
        }
        return pid;
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    /** Returns the daemons of Open vSwitch in this laboratory. */
    private static List<String> daemons() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            for (Path entry : entries.toList()) {
                Path name = entry.resolve("comm");
                if (entry.getFileName().toString().matches("[0-9]+") && Files.exists(name)) {
                    String comm = read(name);
                    if (comm.startsWith("ovs")) {
                        found.add(entry.getFileName() + " " + comm);
                    }
                }
            }
        }
        return found;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException ended) {
            return "";
        }
    }

    private String vsctl(String lab, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("ovs-vsctl", "--timeout=30", "--db=unix:" + folders.databaseSocket(lab)));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(text).isZero();
            return text.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
