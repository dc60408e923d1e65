// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of a new version, while the agent of a version without their requests still runs. */
final class OlderAgentTest {
    @TempDir
    private Path folder;

    private final PlayedAgent agent = new PlayedAgent();
    private Path config;

    @BeforeEach
    void listen() throws Exception {
        config = Files.writeString(folder.resolve("op-dbus.json"), """
                {"host": "a", "runtime": {"dir": "%1$s"}, "ledger": {"dir": "%1$s/ledger"}}
                """.formatted(folder));
        Files.createDirectory(folder.resolve("ledger"));
        agent.listen(folder.resolve("control.sock"), "a", (method, params, progress) -> Optional.empty());
    }

    @AfterEach
    void close() {
        agent.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"container list", "container show 100", "query --plugin lxc", "capture nosuch"})
    void a_command_that_the_running_agent_does_not_know_says_to_restart_it(String command) throws Exception {
        List<String> words = new ArrayList<>(List.of("--config", config.toString()));
        words.addAll(List.of(command.split(" ")));
        CommandRun run = CommandRun.of(words.toArray(String[]::new));
        assertThat(run.status()).as(run.err()).isEqualTo(2);
        assertThat(run.err())
                .contains("the running agent is older than this command")
                .contains("restart the agent: systemctl restart op-dbus");
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.out()).isEmpty();
    }
}
