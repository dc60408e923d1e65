// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.agent.cli.CommandRun;
import org.opdbus.agent.cli.PlayedAgent;
import org.opdbus.agent.cli.WrittenLedger;
import org.opdbus.verticles.cluster.audit.HeldHead;
import org.opdbus.verticles.control.ControlRequests;

/** {@code ledger verify} where an agent, on a real control socket, sends what the other hosts hold. */
final class PeerCheckpointsTest {
    @TempDir
    Path folder;

    private final PlayedAgent agent = new PlayedAgent();
    private Path config;
    private WrittenLedger ledger;

    @BeforeEach
    void configure() throws IOException {
        config = configured(true);
        ledger = WrittenLedger.of(folder.resolve("ledger"), 5);
    }

    private Path configured(boolean enabled) throws IOException {
        return Files.writeString(folder.resolve("op-dbus.json"), """
                {"host": "host1", "runtime": {"dir": "%1$s/run"}, "ledger": {"dir": "%1$s/ledger"},
                 "cluster": {"enabled": %2$s, "dir": "%1$s/cluster"}}
                """.formatted(folder, enabled));
    }

    @AfterEach
    void close() {
        agent.close();
    }

    @Test
    void what_others_hold_is_found_in_the_ledger_and_who_is_silent_is_named() throws Exception {
        String early = Files.readString(ledger.checkpoint());
        ledger.append(2);
        String late = Files.readString(ledger.checkpoint());
        answers(
                new HeldHead("b", true, early),
                new HeldHead("c", true, late),
                new HeldHead("d", true, ""),
                new HeldHead("e", false, ""));

        CommandRun run = verify();
        assertThat(run.status()).as(run.out() + run.err()).isZero();
        assertThat(run.lines())
                .startsWith(
                        "held elsewhere: the checkpoint of 5 entries that b holds is the beginning of this ledger",
                        "held elsewhere: the checkpoint of 7 entries that c holds is the beginning of this ledger")
                .last()
                .asString()
                .startsWith("intact");
        assertThat(run.err()).contains("did not send their checkpoint of this ledger: e");
    }

    @Test
    void a_ledger_that_was_put_back_has_lost_what_others_hold_of_it() throws Exception {
        Path copy = folder.resolve("copy");
        copy(ledger.dir, copy);
        ledger.append(4);
        String held = Files.readString(ledger.checkpoint());
        remove(ledger.dir);
        copy(copy, ledger.dir);
        answers(new HeldHead("b", true, held));

        CommandRun run = verify();
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out())
                .contains("missing entries: entry 6")
                .contains("the checkpoint of 9 entries that b holds covers 9 entries, so 4 are missing at the end");
        assertThat(CommandRun.ledger(ledger.dir, "verify").status())
                .as("without the others it looks whole")
                .isZero();
    }

    @Test
    void a_ledger_that_was_made_anew_is_not_what_others_hold_of_it() throws Exception {
        Path copy = folder.resolve("copy");
        copy(ledger.dir, copy);
        ledger.append(2);
        String held = Files.readString(ledger.checkpoint());
        remove(ledger.dir);
        copy(copy, ledger.dir);
        // One more than there was, so that the numbers match another entry.
        try (var open = ledger.open()) {
            WrittenLedger.append(open, 70);
            WrittenLedger.append(open, 80);
            WrittenLedger.append(open, 90);
        }
        answers(new HeldHead("b", true, held));

        CommandRun run = verify();
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).contains("entries 1 to 7 do not match the checkpoint of 7 entries that b holds");
    }

    @Test
    void checkpoints_that_this_host_did_not_sign_are_reported_and_prove_nothing() throws Exception {
        WrittenLedger other = WrittenLedger.of(folder.resolve("other").resolve("ledger"), 5);
        answers(new HeldHead("b", true, Files.readString(other.checkpoint())));

        CommandRun run = verify();
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).startsWith("not signed: the checkpoint of 5 entries that b holds");
    }

    @Test
    void where_no_agent_runs_one_line_says_so_and_with_the_cluster_off_none() throws Exception {
        CommandRun run = verify();
        assertThat(run.status()).isZero();
        assertThat(run.err().lines())
                .filteredOn(line -> line.contains("cluster"))
                .hasSize(1);

        config = configured(false);
        assertThat(verify().err()).doesNotContain("cluster");
    }

    private CommandRun verify() throws Exception {
        return CommandRun.of("--config", config.toString(), "ledger", "verify");
    }

    /** A control socket that answers this one request. */
    private void answers(HeldHead... heads) {
        JsonArray answer = new JsonArray(
                new ArrayList<>(Stream.of(heads).map(HeldHead::json).toList()));
        ControlRequests requests = (method, params, progress) ->
                method.equals("heads") ? Optional.of(Single.just(answer)) : Optional.empty();
        agent.listen(folder.resolve("run").resolve("control.sock"), "host1", requests);
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Path each : walk(from)) {
            Files.copy(each, to.resolve(from.relativize(each).toString()));
        }
    }

    private static void remove(Path folder) throws IOException {
        List<Path> files = new ArrayList<>(walk(folder));
        files.sort(Comparator.reverseOrder());
        for (Path each : files) {
            Files.delete(each);
        }
    }

    private static List<Path> walk(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList();
        }
    }
}
