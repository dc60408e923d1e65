// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.uplink.plan.FileChange;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkFailure;

/** Files and programs of a move. */
class HostStepsTest {
    @TempDir
    Path folder;

    private final CommandRunner runner = new CommandRunner();
    private final HostSteps steps = new HostSteps(runner);

    @AfterEach
    void close() {
        runner.close();
    }

    @Test
    void files_are_replaced_made_and_removed_and_a_second_time_changes_nothing() throws IOException {
        Path kept = file("kept", "old\n");
        Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rw-r-----"));
        Path dropped = file("dropped", "old\n");
        Path made = folder.resolve("made");
        Step step = new Step.WriteFiles(
                List.of(change(kept, "old\n", "new\n"), change(made, null, "new\n"), change(dropped, "old\n", null)));

        for (int time = 0; time < 2; time++) {
            steps.perform("m1", step);
            assertThat(kept).hasContent("new");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                    .isEqualTo("rw-r-----");
            assertThat(made).hasContent("new");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                    .isEqualTo("rw-r--r--");
            assertThat(dropped).doesNotExist();
        }
    }

    @Test
    void a_file_that_changed_since_the_plan_or_is_a_link_stays() throws IOException {
        Path changed = file("changed", "mine\n");
        assertRefused(change(changed, "old\n", "new\n"), "was changed since the plan");
        assertThat(changed).hasContent("mine");

        Path link = Files.createSymbolicLink(folder.resolve("link"), changed);
        assertRefused(change(link, "mine\n", "new\n"), "not a regular file");
        assertThat(changed).hasContent("mine");

        assertRefused(change(folder.resolve("gone"), "old\n", "new\n"), "was changed since the plan");
    }

    private void assertRefused(FileChange change, String why) {
        Step step = new Step.WriteFiles(List.of(change));
        assertThatThrownBy(() -> steps.perform("m1", step))
                .isInstanceOf(UplinkFailure.class)
                .hasMessageContaining(why);
    }

    @Test
    void a_program_that_fails_or_is_missing_fails_the_step_with_what_it_said() {
        steps.perform("m1", program("true"));
        assertThatThrownBy(() -> steps.perform("m1", program("sh", "-c", "echo no lease >&2; exit 3")))
                .isInstanceOf(UplinkFailure.class)
                .hasMessageContaining("could not stop the client")
                .hasMessageContaining("ended with 3: no lease");
        assertThatThrownBy(() -> steps.perform("m1", program("/no/such/program")))
                .isInstanceOf(UplinkFailure.class)
                .hasMessageContaining("is not on this host");
    }

    private static Step program(String... arguments) {
        return new Step.RunProgram("stop the client", List.of(arguments), List.of());
    }

    private Path file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private static FileChange change(
            Path file,
            @org.jspecify.annotations.Nullable String before,
            @org.jspecify.annotations.Nullable String after) {
        return new FileChange(file.toString(), Optional.ofNullable(before), Optional.ofNullable(after), 0644);
    }
}
