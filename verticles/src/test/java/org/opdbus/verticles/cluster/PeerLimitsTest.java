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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.cluster.entries.EntryPuller;
import org.opdbus.verticles.cluster.entries.EntryServer;
import org.opdbus.verticles.cluster.limits.DueFile;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
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
    void the_file_is_written_when_something_has_changed_and_not_twice_in_some_seconds() throws Exception {
        long[] nanos = {0};
        Path path = folder.resolve("peers.json");
        PeersFile file = new PeersFile(new DueFile(path, () -> nanos[0], new PeerWarnings(() -> nanos[0])));
        Map<String, EntryPuller.Position> positions = Map.of("a", new EntryPuller.Position(3, 7, "ab"));
        file.write(5, List.of(row(1, Instant.EPOCH)), positions);
        for (int beat = 0; beat < 290; beat++) {
            nanos[0] += TimeUnit.SECONDS.toNanos(2);
            file.writeIfDue(5, List.of(row(1, Instant.EPOCH.plusSeconds(beat))), positions, forFiles::add);
        }
        assertThat(forFiles).as("it was merely seen again").isEmpty();
        for (int beat = 0; beat < 10; beat++) {
            nanos[0] += TimeUnit.SECONDS.toNanos(2);
            file.writeIfDue(5, List.of(row(2 + beat, Instant.EPOCH)), positions, forFiles::add);
        }
        assertThat(forFiles).hasSizeBetween(3, 4);
        Files.delete(path);
        forFiles.forEach(Runnable::run);
        PeersFile.Content read = new PeersFile(new DueFile(path, () -> 0, new PeerWarnings(() -> 0))).read();
        assertThat(read.rows()).containsOnlyKeys("a");
        assertThat(read.run()).isEqualTo(5);
        assertThat(read.positions()).isEqualTo(positions);
    }

    private static HostRow row(long height, Instant seen) {
        return new HostRow("a", true, seen, height, "1", "");
    }

    private static Message.LedgerHead head(String host, long run, long count) {
        return new Message.LedgerHead(host, run, count, 0, 0, "1", "", "", 0);
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
