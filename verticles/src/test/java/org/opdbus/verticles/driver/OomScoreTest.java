// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OomScoreTest {
    private static final String PATH = "/usr/bin:/bin";

    @Test
    void a_command_of_a_spared_process_is_not_spared_itself() throws Exception {
        List<String> command =
                OomScore.reset(List.of("sh", "-c", "echo $0; cat /proc/self/oom_score_adj", "a b"), PATH, "choom");
        // Made less protected, which needs no privilege, so that there is a value to restore.
        Process process = new ProcessBuilder(adjusted(command)).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output).isEqualTo("a b\n0\n");
    }

    private static List<String> adjusted(List<String> command) {
        List<String> all =
                new ArrayList<>(List.of("sh", "-c", "echo 300 >/proc/self/oom_score_adj; exec \"$@\"", "sh"));
        all.addAll(command);
        return all;
    }

    @Test
    void a_program_that_is_missing_is_itself_reported_missing() {
        List<String> command = List.of("no-such-program", "-n", "100");
        assertThat(OomScore.reset(command, PATH, "choom")).isEqualTo(command);
    }

    @Test
    void without_the_tool_a_command_is_run_as_it_is() {
        List<String> command = List.of("sh", "-c", "true");
        assertThat(OomScore.reset(command, PATH, "no-such-tool")).isEqualTo(command);
    }
}
