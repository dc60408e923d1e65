// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.cluster.entries.EntryPuller;
import org.opdbus.verticles.cluster.entries.EntryServer;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.cluster.limits.StateFile;
import org.opdbus.verticles.cluster.wire.LiveFact;
import org.opdbus.verticles.cluster.wire.Message;

class PeerLimitsTest {
    @TempDir
    Path folder;

    private final List<Runnable> forFiles = new ArrayList<>();
    private final List<Message> sent = new ArrayList<>();
    private final PeerRuns runs = new PeerRuns(new PeerWarnings(System::nanoTime));

    @Test
    void reading_the_ledger_holds_up_nothing_and_each_host_waits_for_one_answer_at_a_time() throws IOException {
        Path dir = Files.createDirectories(folder.resolve("ledger"));
        FileLedger.open(LedgerOptions.of(dir, "me")).close();
        EntryServer server = new EntryServer(
                "me",
                dir,
                () -> 0,
                (host, message) -> sent.add(message),
                forFiles::add,
                new PeerWarnings(System::nanoTime));
        for (int i = 0; i < 100; i++) {
            server.ask(new Message.AskEntries("a", 1, 9));
            server.ask(new Message.AskEntries("b", 1, 9));
        }
        assertThat(forFiles).hasSize(2);
        assertThat(sent).isEmpty();
        forFiles.forEach(Runnable::run);
        assertThat(sent).hasSize(2);
        server.ask(new Message.AskEntries("a", 1, 9));
        assertThat(forFiles).hasSize(3);
    }

    @Test
    void whatever_is_wrong_with_the_ledger_ends_in_a_log_line_and_the_next_question_is_answered() {
        long[] height = {-1};
        EntryServer server = new EntryServer(
                "me",
                folder.resolve("missing"),
                () -> {
                    if (height[0] < 0) {
                        throw new UncheckedIOException(new IOException("the disk is gone"));
                    }
                    return height[0];
                },
                (host, message) -> sent.add(message),
                Runnable::run,
                new PeerWarnings(System::nanoTime));
        try (LogLines log = new LogLines()) {
            server.ask(new Message.AskEntries("a", 1, 9));
            assertThat(log.with("cannot be read")).singleElement().asString().contains("the disk is gone");
            assertThat(sent).isEmpty();
        }
        height[0] = 0;
        server.ask(new Message.AskEntries("a", 1, 9));
        assertThat(sent).hasSize(1);
    }

    @Test
    void a_run_that_is_older_than_a_known_one_is_counted_and_said_once_with_what_to_do() {
        try (LogLines log = new LogLines()) {
            assertThat(runs.isNews(head("a", 2_000, 1))).isTrue();
            for (int count = 1; count <= 3; count++) {
                assertThat(runs.isNews(head("a", 1_000, count))).isFalse();
                assertThat(runs.isNews(head("a", 1_000, count))).isFalse();
            }
            assertThat(log.with("were ignored"))
                    .as("some may have been overtaken")
                    .isEmpty();
            for (int count = 4; count <= 50; count++) {
                assertThat(runs.isNews(head("a", 1_000, count))).isFalse();
            }
            assertThat(log.with("were ignored"))
                    .singleElement()
                    .asString()
                    .contains("4 heads of a ", "restart its agent");
        }
    }

    @Test
    void live_facts_that_come_twice_or_too_late_or_of_another_run_are_passed_over() {
        assertThat(runs.news(live(5, 1, "1"))).as("before any head").isEmpty();
        assertThat(runs.isNews(head("a", 5, 1))).isTrue();
        assertThat(texts(live(5, 1, "1", "2"))).containsExactly("1", "2");
        assertThat(texts(live(5, 2, "2", "3"))).containsExactly("3");
        assertThat(texts(live(5, 9, "9"))).containsExactly("9");
        assertThat(texts(live(5, 4, "4", "5"))).isEmpty();
        assertThat(texts(live(4, 10, "10"))).isEmpty();
        assertThat(runs.isNews(head("a", 6, 1))).isTrue();
        assertThat(texts(live(6, 1, "1"))).containsExactly("1");
    }

    @Test
    void what_is_known_of_peers_outlives_a_run() throws IOException {
        Path path = folder.resolve("peers.json");
        Map<String, EntryPuller.Position> positions = Map.of("a", new EntryPuller.Position(3, 7, "ab", 6));
        SavedPeers saved = SavedPeers.of(5, List.of(row("a"), row("b")), positions);
        file(path).write(saved);
        SavedPeers read = file(path).read();
        assertThat(read).isEqualTo(saved);
        assertThat(read.rows()).containsOnlyKeys("a", "b").containsEntry("a", row("a").away());
        assertThat(read.positions()).isEqualTo(positions);
        assertThat(SavedPeers.of(5, List.of(seen(row("a")), row("b")), positions)
                        .news())
                .as("it was merely seen again")
                .isEqualTo(saved.news());
        assertThat(SavedPeers.of(5, List.of(row("a").away(), row("b")), positions)
                        .news())
                .isNotEqualTo(saved.news());
        // As an agent of before wrote it: without the place of a host whose entries it had none of.
        Files.writeString(
                path,
                "{\"run\":5,\"hosts\":[{\"host\":\"b\",\"state\":\"up\",\"last_seen\":\"1970-01-01T00:00:00Z\","
                        + "\"ledger_height\":1,\"version\":\"1\",\"checkpoint\":\"\"}]}");
        assertThat(file(path).read()).isEqualTo(SavedPeers.of(5, List.of(row("b")), Map.of()));
        // And one that did not keep which height the heads had shown.
        Files.writeString(
                path,
                "{\"run\":5,\"hosts\":[{\"host\":\"b\",\"state\":\"up\",\"last_seen\":\"1970-01-01T00:00:00Z\","
                        + "\"ledger_height\":1,\"version\":\"1\",\"checkpoint\":\"\",\"run\":3,\"height\":7,\"hash\":\"ab\"}]}");
        assertThat(file(path).read().positions()).containsEntry("b", new EntryPuller.Position(3, 7, "ab", 7));
    }

    private static StateFile<SavedPeers> file(Path path) {
        return new StateFile<>(path, SavedPeers.NONE, () -> 0, new PeerWarnings(() -> 0));
    }

    private static HostRow row(String host) {
        return new HostRow(host, true, Instant.EPOCH, 1, "1", "");
    }

    private static HostRow seen(HostRow row) {
        return new HostRow(
                row.host(), row.up(), Instant.EPOCH.plusSeconds(9), row.height(), row.version(), row.checkpoint());
    }

    private static Message.LedgerHead head(String host, long run, long count) {
        return new Message.LedgerHead(host, run, count, 0, 0, "1", "", "", 0, 0);
    }

    private static Message.LiveFacts live(long run, long first, String... subjects) {
        return new Message.LiveFacts("a", run, first, facts(subjects));
    }

    private static List<LiveFact> facts(String... subjects) {
        return List.of(subjects).stream()
                .map(subject -> new LiveFact(Instant.EPOCH, "k", subject, new JsonObject()))
                .toList();
    }

    private List<String> texts(Message.LiveFacts live) {
        return runs.news(live).stream().map(LiveFact::subject).toList();
    }
}
