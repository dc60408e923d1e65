// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenFilesLimitTest {
    private static final String PATH = "/usr/bin:/bin";
    private static final List<String> LIMITS = List.of("sh", "-c", "echo $0; ulimit -S -n; ulimit -H -n", "a b");

    /** Java has raised the soft limit of this test to its hard one. */
    @Test
    void a_program_gets_the_soft_limit_of_before_and_the_same_hard_one() throws Exception {
        String hard = run(LIMITS).lines().toList().get(2);
        assertThat(run(LIMITS)).isEqualTo("a b\n" + hard + "\n" + hard + "\n");

        assertThat(run(OpenFilesLimit.restore(LIMITS, PATH, "200"))).isEqualTo("a b\n200\n" + hard + "\n");
    }

    @Test
    void a_command_is_run_as_it_is_if_the_limit_is_not_known_or_the_program_is_missing() {
        for (String unknown : List.of("", "-1", "many", "1:2")) {
            assertThat(OpenFilesLimit.restore(LIMITS, PATH, unknown)).isEqualTo(LIMITS);
        }
        List<String> missing = List.of("no-such-program");
        assertThat(OpenFilesLimit.restore(missing, PATH, "200")).isEqualTo(missing);
    }

    private static String run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command).start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
