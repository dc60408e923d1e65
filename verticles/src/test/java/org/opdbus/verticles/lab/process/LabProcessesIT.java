// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.subscribers.TestSubscriber;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.process.LabProcesses.LabProcess;
import org.opdbus.verticles.testing.Laboratory;
import org.opdbus.verticles.testing.Links;

/** Real processes in a real namespace. */
class LabProcessesIT {
    private static final String LAB = "proc";
    private static final String NAMESPACE = "cloonix_proc";
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(200);

    @TempDir
    Path runtime;

    private LabFolders folders;
    private HostLabProcesses processes;

    @BeforeEach
    void open() throws IOException {
        Laboratory.require();
        Links.addNamespace(NAMESPACE);
        folders = LabFolders.below(runtime);
        Files.createDirectories(folders.of(LAB));
        processes = new HostLabProcesses(folders);
    }

    @AfterEach
    void close() {
        for (LabProcess process : processes.running(LAB).blockingGet()) {
            await(processes.end(LAB, process.role(), SHORT));
        }
        processes.close();
        Links.deleteNamespace(NAMESPACE);
    }

    @Test
    void a_process_is_started_once_and_its_end_is_told_once() {
        TestSubscriber<LabProcess> ended = processes.ended().test();
        LabProcess process = start("one", "sleep", "1000");

        assertThat(start("one", "sleep", "1000")).isEqualTo(process);
        assertThat(processes.running(LAB).blockingGet()).containsExactly(process);
        await(processes.end(LAB, "one", LONG));
        await(processes.end(LAB, "one", LONG));

        eventually(() -> assertThat(ended.values()).containsExactly(process));
        assertThat(processes.running(LAB).blockingGet()).isEmpty();
        assertThat(ProcessRecord.file(folders.of(LAB), "one")).doesNotExist();
    }

    @Test
    void a_process_that_ignores_the_question_is_killed() {
        LabProcess process = start("deaf", "sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1000; done");
        eventually(() -> assertThat(ProcessLaunch.log(folders.of(LAB), "deaf")).hasContent("ready"));

        await(processes.end(LAB, "deaf", SHORT));

        assertThat(ProcessHandle.of(process.pid()).filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void the_process_of_a_stale_record_is_left_alone() throws IOException {
        Process stranger = new ProcessBuilder("sleep", "1000").start();
        try {
            new ProcessRecord(stranger.pid(), "1").write(folders.of(LAB), "old");

            assertThat(processes.running(LAB).blockingGet()).isEmpty();
            await(processes.end(LAB, "old", LONG));

            assertThat(stranger.isAlive()).isTrue();
            assertThat(ProcessRecord.file(folders.of(LAB), "old")).doesNotExist();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void a_process_whose_agent_is_killed_before_the_record_never_runs() throws Exception {
        Path proof = runtime.resolve("proof");
        // The shell of the launch, whose input ends without the word.
        Process shell = new ProcessBuilder(
                        "sh", "-c", ProcessLaunch.WAIT_FOR_WORD, "op-dbus-lab", "touch", proof.toString())
                .start();
        shell.getOutputStream().close();

        assertThat(shell.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();

        assertThat(proof).doesNotExist();
    }

    @Test
    void a_new_agent_hears_the_end_of_what_a_former_one_started() {
        LabProcess process = start("one", "sleep", "1000");
        processes.close();
        processes = new HostLabProcesses(folders);
        TestSubscriber<LabProcess> ended = processes.ended().test();

        assertThat(processes.running(LAB).blockingGet()).containsExactly(process);
        ProcessHandle.of(process.pid()).ifPresent(ProcessHandle::destroyForcibly);

        eventually(() -> assertThat(ended.values()).containsExactly(process));
    }

    @Test
    void a_log_that_grows_begins_anew() {
        LabProcess unused = start("loud", "sh", "-c", "while :; do head -c 100000 /dev/zero; done");
        Path log = ProcessLaunch.log(folders.of(LAB), "loud");

        eventually(() -> assertThat(Files.size(log)).isGreaterThan(0));
        // What it writes until the agent hears of it comes on top; without the limit it would write gigabytes in the
        // meantime.
        eventually(() -> assertThat(Files.size(log)).isBetween(1L, LabLogs.BYTES_MAX));
        await(processes.end(LAB, "loud", SHORT));
        eventually(() -> assertThat(Files.size(log)).isLessThan(64 * LabLogs.BYTES_MAX));
    }

    @Test
    void what_cannot_be_started_is_refused_with_the_remedy() {
        assertThatThrownBy(() -> start("one", "no-such-program-here"))
                .isInstanceOf(LabRefusal.class)
                .hasMessageContaining("no-such-program-here is not on this host");
        assertThatThrownBy(() -> start("../one", "sleep", "1"))
                .isInstanceOf(LabRefusal.class)
                .hasMessageContaining("is no name");
        assertThatThrownBy(() ->
                        processes.start("absent", "one", List.of("sleep", "1")).blockingGet())
                .isInstanceOf(LabRefusal.class)
                .hasMessageContaining("has no network namespace");
        assertThat(ProcessRecord.file(folders.of(LAB), "one")).doesNotExist();
    }

    private LabProcess start(String role, String... command) {
        return processes
                .start(LAB, role, List.of(command))
                .timeout(LONG.toSeconds(), TimeUnit.SECONDS)
                .blockingGet();
    }

    private static void await(Completable work) {
        if (!work.blockingAwait(LONG.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("did not end within " + LONG);
        }
    }
}
