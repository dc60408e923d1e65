// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.agent.TestCommand.Result;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;

/** How a real agent reacts to signals and to obstacles at its start: status, log and ledger. */
final class SignalsIT {
    private final TestHost scene = new TestHost(Map.of());

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void terminate_and_interrupt_are_orderly_ends_hang_up_reads_the_state_file_and_kill_leaves_the_record_whole()
            throws IOException {
        scene.agent.start();
        Files.writeString(scene.agent.stateFile(), "{\"version\":1,\"plugins\":{\"lxc\":{\"containers\":[]}}}");
        scene.agent.hangUp();
        eventually(() -> assertThat(scene.agent.logText()).contains("state.applied created=0"));
        Files.writeString(scene.agent.stateFile(), "{\"version\":1,\"plugins\":{\"lxc\":{\"containres\":[]}}}");
        scene.agent.hangUp();
        eventually(() -> assertThat(linesWith("the agent did not apply the state file"))
                .hasSize(1)
                .allMatch(line -> line.contains(" ERROR ") && line.contains("containres")));
        assertThat(scene.agent.end("TERM")).isEqualTo(128 + 15);
        assertThat(linesWith("agent.stopping")).hasSize(1).allMatch(line -> line.contains("told to"));

        scene.agent.start();
        assertThat(scene.agent.end("INT")).isEqualTo(128 + 2);
        assertThat(linesWith("agent.stopping")).hasSize(1);

        scene.agent.start();
        assertThat(scene.agent.end("KILL")).isEqualTo(128 + 9);
        assertThat(linesWith("agent.stopping")).isEmpty();

        assertThat(scene.agent.ledger("agent.started", "test")).hasSize(3);
        assertThat(scene.agent.ledger("agent.stopping", "test")).hasSize(2);
        assertThat(scene.agent.verification().intact()).isTrue();
    }

    @Test
    void an_agent_that_is_killed_leaves_nothing_in_the_temporary_folder() throws IOException {
        Path temporary = Files.createDirectory(scene.agent.folder().resolve("temporary"));
        scene.agent.environment(Map.of("JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary));
        scene.start();
        assertThat(scene.agent.logText()).contains("-Djava.io.tmpdir=" + temporary);
        scene.run("100");
        scene.awaitEnrolled("100", "vi100");
        scene.agent.kill();

        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void an_error_that_the_user_must_correct_exits_with_2_and_a_temporary_one_with_1() throws IOException {
        Files.createDirectories(scene.agent.ledgerDir());
        try (FileLedger another = FileLedger.open(LedgerOptions.of(scene.agent.ledgerDir(), "test"))) {
            Result locked = TestCommand.run(scene.agent.config(), "run");
            assertThat(locked.status()).as(locked.toString()).isEqualTo(1);
            assertThat(locked.err().lines()).hasSize(1).allMatch(line -> line.contains("ERROR op-dbus agent.failed"));
            assertThat(another.head()).isEmpty();
        }
        TestHost.sh(
                "mount",
                "-t",
                "tmpfs",
                "-o",
                "size=64k,mode=0700",
                "tmpfs",
                scene.agent.ledgerDir().toString());
        TestHost.sh("sh", "-c", "dd if=/dev/zero of=" + scene.agent.ledgerDir() + "/.fill bs=4k 2>/dev/null; true");
        Result full = TestCommand.run(scene.agent.config(), "run");
        assertThat(full.status()).as(full.toString()).isEqualTo(1);
        assertThat(full.err()).contains("No space left on device");

        Files.writeString(scene.agent.config(), "{\"leger\": {}}");
        Result wrong = TestCommand.run(scene.agent.config(), "run");
        assertThat(wrong.status()).isEqualTo(2);
        assertThat(wrong.err()).contains("leger");
    }

    private List<String> linesWith(String words) {
        return scene.agent
                .logText()
                .lines()
                .filter(line -> line.contains(words))
                .toList();
    }
}
