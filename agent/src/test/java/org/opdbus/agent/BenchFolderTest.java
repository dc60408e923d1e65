// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a benchmark writes is removed, also if the benchmark is ended or killed; nothing else is. */
final class BenchFolderTest {
    private static final Path FUNCTIONS =
            Path.of("..", "deploy", "bench-folder.sh").toAbsolutePath().normalize();
    private static final int LIMIT_S = 60;

    @TempDir
    Path folder;

    private Process run;
    private Path work;

    @BeforeEach
    void begin() throws IOException {
        run = script("make_work_folder \"$1\"; echo \"$work\"; run_command sleep 1000");
        BufferedReader output = run.inputReader();
        work = Path.of(output.readLine());
        assertThat(work).isDirectory().hasParent(folder);
    }

    @AfterEach
    void end() {
        run.descendants().forEach(ProcessHandle::destroyForcibly);
        run.destroyForcibly();
    }

    private Process script(String text) throws IOException {
        return new ProcessBuilder("sh", "-euc", ". \"$0\"; " + text, FUNCTIONS.toString(), folder.toString())
                .redirectErrorStream(true)
                .start();
    }

    private void anotherRun() throws IOException, InterruptedException {
        Process other = script("make_work_folder \"$1\"");
        String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(other.waitFor()).as(said).isZero();
    }

    @Test
    void a_run_that_is_ended_ends_its_command_and_removes_its_folder() throws Exception {
        ProcessHandle command = eventually(() -> run.children().findFirst().orElseThrow());
        run.destroy();
        assertThat(run.waitFor(LIMIT_S, TimeUnit.SECONDS)).isTrue();
        assertThat(run.exitValue()).isEqualTo(143);
        assertThat(work).doesNotExist();
        eventually(() -> assertThat(command.isAlive()).isFalse());
    }

    @Test
    void the_folder_of_a_run_that_was_killed_is_removed_by_the_next_once_all_of_it_has_ended() throws Exception {
        ProcessHandle command = eventually(() -> run.children().findFirst().orElseThrow());
        run.destroyForcibly().waitFor();
        anotherRun();
        assertThat(work).as("its command still runs").isDirectory();

        command.destroyForcibly();
        eventually(() -> assertThat(command.isAlive()).isFalse());
        anotherRun();
        assertThat(work).doesNotExist();
    }

    @Test
    void what_is_not_a_folder_of_a_run_that_has_ended_is_left_alone() throws Exception {
        Path without = Files.createDirectory(folder.resolve("op-dbus-benchmark.aaaaaa"));
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.createFile(other.resolve(".lock"));
        Path link = Files.createSymbolicLink(folder.resolve("op-dbus-benchmark.bbbbbb"), other);
        anotherRun();
        assertThat(work).isDirectory();
        assertThat(without).isDirectory();
        assertThat(link).isSymbolicLink();
        assertThat(other.resolve(".lock")).exists();
    }
}
