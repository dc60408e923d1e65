// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelpTest {
    @TempDir
    Path folder;

    @Test
    void every_command_on_a_ledger_explains_itself_with_examples() throws Exception {
        for (String name : List.of("tail", "show", "search", "export", "verify", "prove", "consistency")) {
            CommandRun help = CommandRun.of("ledger", name, "--help");
            assertThat(help.status()).isZero();
            assertThat(help.out())
                    .contains(
                            "Usage: op-dbus ledger " + name,
                            "--dir=DIR",
                            "Exit status:",
                            "Examples:\n  ",
                            "\n  op-dbus ledger " + name);
        }
    }

    @Test
    void bash_completes_commands_and_options() throws Exception {
        CommandRun completion = CommandRun.of("completion");
        assertThat(completion.status()).isZero();
        Path script = Files.writeString(folder.resolve("op-dbus.bash"), completion.out());
        assertThat(complete(script, "op-dbus", "led")).contains("ledger");
        assertThat(complete(script, "op-dbus", "ledger", "ver")).containsExactly("verify");
        assertThat(complete(script, "op-dbus", "blockchain", "li")).containsExactly("list");
        assertThat(complete(script, "op-dbus", "ledger", "verify", "--k")).containsExactly("--key");
        assertThat(complete(script, "op-dbus", "log-")).containsExactly("log-level");
    }

    private static List<String> complete(Path script, String... words) throws Exception {
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source \"$0\"; COMP_WORDS=(" + String.join(" ", words) + "); COMP_CWORD=" + (words.length - 1)
                                + "; _complete_op-dbus; printf '%s\\n' \"${COMPREPLY[@]}\"",
                        script.toString())
                // Outside a real completion bash complains that compopt has nothing to set options of.
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        bash.getOutputStream().close();
        return new String(bash.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .map(String::strip)
                .toList();
    }
}
