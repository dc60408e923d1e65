// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opdbus.agent.TestCommand.Result;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;

/** Entries that no checkpoint covers, with the real program: they fail a verification, and a start records that it adopts them. */
final class UnsignedEntriesIT {
    private final TestHost scene = new TestHost(Map.of());

    @AfterEach
    void close() {
        scene.close();
    }

    private Path checkpoint() {
        return scene.agent.ledgerDir().resolve("checkpoint");
    }

    private Path key() {
        return LedgerOptions.publicKeyFileFor(scene.agent.ledgerDir());
    }

    private Result ledger(String... arguments) {
        return TestCommand.run(
                scene.agent.config(),
                Stream.concat(Stream.of("ledger"), Stream.of(arguments)).toArray(String[]::new));
    }

    private List<Entry> adopted() {
        return scene.agent.ledger("ledger.adopted", "ledger");
    }

    /** Appends entries that continue the chain; they do not show who wrote them. */
    private void forgeTail(int entries) throws IOException {
        Path forger = Files.createDirectories(scene.agent.folder().resolve("forger"));
        Path copy = forger.resolve("ledger");
        TestHost.sh("cp", "-a", scene.agent.ledgerDir().toString(), copy.toString());
        TestHost.sh("cp", "-a", key().resolveSibling("host.key").toString(), forger.toString());
        TestHost.sh("cp", "-a", key().toString(), forger.toString());
        try (FileLedger forged = FileLedger.open(LedgerOptions.of(copy, "test"))) {
            for (int i = 0; i < entries; i++) {
                forged.append(new Draft("container.left", "evil", Map.of("n", i)))
                        .join();
            }
        }
        String segment = "%020d.jsonl".formatted(1);
        Files.write(scene.agent.ledgerDir().resolve(segment), Files.readAllBytes(copy.resolve(segment)));
    }

    @Test
    void a_forged_tail_fails_the_verification_and_the_next_start_says_for_ever_that_it_was_not_signed()
            throws IOException {
        scene.agent.start();
        scene.agent.stop();
        long signed = scene.agent.ledger().size();
        byte[] genuine = Files.readAllBytes(checkpoint());
        assertThat(ledger("verify", "--key", key().toString()).status()).isZero();
        forgeTail(3);
        String tail = "entries " + (signed + 1) + " to " + (signed + 3) + " ";

        Result found = ledger("verify", "--key", key().toString());
        assertThat(found.status()).as(found.toString()).isEqualTo(1);
        assertThat(found.out()).contains("unsigned tail: entry " + (signed + 1), tail + "are not signed");
        Result allowed = ledger("verify", "--key", key().toString(), "--allow-unsigned");
        assertThat(allowed.status()).as(allowed.toString()).isZero();
        assertThat(allowed.err()).contains("note: " + tail + "are not signed");

        scene.agent.start();
        eventually(() -> assertThat(adopted()).hasSize(1));
        assertThat(adopted().get(0).data()).containsEntry("from", signed + 1).containsEntry("to", signed + 3);
        assertThat(scene.agent.logText()).contains("adopted entries that were not signed");
        Result after = ledger("verify", "--key", key().toString());
        assertThat(after.status()).as(after.toString()).isZero();
        assertThat(after.err()).contains("note: " + tail + "were not signed when an agent started on them");
        Result proof = ledger("prove", Long.toString(signed + 2));
        assertThat(proof.status()).isZero();
        assertThat(proof.err()).contains("note: " + tail + "were not signed");

        // The older checkpoint replaces the present one: the agent reports that all of these
        // entries are its own.
        Files.write(checkpoint(), genuine);
        assertThat(ledger("verify", "--key", key().toString()).status()).isZero();
        Result apart = ledger("verify", "--dir", scene.agent.ledgerDir().toString(), "--key", key().toString());
        assertThat(apart.status()).as(apart.toString()).isEqualTo(1);
        assertThat(apart.out()).contains("unsigned tail");
    }

    @Test
    void what_a_killed_agent_left_unsigned_is_adopted_by_the_next_start_and_by_no_other() throws IOException {
        scene.agent.start();
        eventually(() -> assertThat(Files.readAllLines(checkpoint()).get(1)).isNotEqualTo("0"));
        long signed = Long.parseLong(Files.readAllLines(checkpoint()).get(1));
        // A folder in the place of the new checkpoint: the agent continues, but cannot sign.
        Path obstacle = scene.agent.ledgerDir().resolve("checkpoint.new");
        Files.createDirectories(obstacle.resolve("full"));
        scene.ovs.start();
        scene.ovs.addBridge(TestHost.BRIDGE);
        scene.run("100");
        eventually(() ->
                assertThat(scene.agent.ledger("container.enrolled", "100")).hasSize(1));
        Result vouched = ledger("verify");
        assertThat(vouched.status()).as(vouched.toString()).isZero();
        scene.agent.kill();
        TestHost.sh("rm", "-r", obstacle.toString());
        long last = scene.agent.ledger().size();
        assertThat(ledger("verify").status()).isEqualTo(1);

        for (int start = 0; start < 3; start++) {
            scene.agent.start();
            scene.agent.stop();
            assertThat(adopted())
                    .singleElement()
                    .satisfies(entry -> assertThat(entry.data())
                            .containsEntry("from", signed + 1)
                            .containsEntry("to", last));
            Result whole = ledger("verify", "--key", key().toString());
            assertThat(whole.status()).as(whole.toString()).isZero();
        }
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void what_is_no_regular_file_ends_every_command_and_the_start_with_a_line() throws IOException {
        scene.agent.start();
        scene.agent.stop();
        Path segment = scene.agent.ledgerDir().resolve("%020d.jsonl".formatted(1));
        Path aside = Files.move(segment, scene.agent.folder().resolve("aside"));
        TestHost.sh("mkfifo", segment.toString());
        for (String[] command : new String[][] {{"verify"}, {"tail"}, {"export"}, {"show", "1"}, {"prove", "1"}}) {
            Result fifo = ledger(command);
            assertThat(fifo.status()).as(fifo.toString()).isEqualTo(1);
            assertThat(fifo.out() + fifo.err()).contains("it is a FIFO");
        }
        Result start = TestCommand.run(scene.agent.config(), "run");
        assertThat(start.status()).as(start.toString()).isEqualTo(2);
        assertThat(start.err()).contains("it is a FIFO");
        Files.delete(segment);
        Files.createSymbolicLink(segment, aside);
        assertThat(ledger("verify").out()).contains("damaged: entry 1, ", "it is a symbolic link");
        Files.delete(segment);
        Files.move(aside, segment);

        Files.delete(checkpoint());
        Files.createSymbolicLink(checkpoint(), Path.of("/dev/zero"));
        Result zero = ledger("verify");
        assertThat(zero.status()).as(zero.toString()).isEqualTo(1);
        assertThat(zero.out()).contains("unsigned", "it is a symbolic link");
    }
}
