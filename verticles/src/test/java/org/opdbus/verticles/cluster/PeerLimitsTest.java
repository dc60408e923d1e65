// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;

class SiblingsLimitsTest {
    @TempDir
    Path folder;

    private final List<Told> told = new ArrayList<>();
    private final List<Runnable> forFiles = new ArrayList<>();
    private final List<Message> sent = new ArrayList<>();
    private Siblings siblings;

    @BeforeEach
    void begin() throws IOException {
        Path dir = Files.createDirectories(folder.resolve("ledger"));
        FileLedger.open(LedgerOptions.of(dir, "me")).close();
        siblings = new Siblings(
                "me",
                new Outbox("me", 10, 0, 8),
                new OwnLedger(dir),
                new Siblings.Mail() {
                    @Override
                    public void toAll(Message message) {
                        sent.add(message);
                    }

                    @Override
                    public void to(String host, Message message) {
                        sent.add(message);
                    }
                },
                told::add,
                new Random(1),
                Map.of(),
                forFiles::add);
    }

    @Test
    void early_copies_stay_within_the_memory_for_all_and_block_no_host() {
        String large = "x".repeat(100_000);
        for (int host = 0; host < 40; host++) {
            siblings.receive(beat("h" + host, 1, 1, 60));
            for (long sequence = 2; sequence <= 60; sequence++) {
                siblings.receive(copies("h" + host, sequence, large));
            }
        }
        assertThat(told).isEmpty();
        assertThat(siblings.held()).isBetween(Siblings.ROOM_BYTES * 3 / 4, Siblings.ROOM_BYTES);

        for (int host = 0; host < 40; host++) {
            for (long sequence = 1; sequence <= 60; sequence++) {
                siblings.receive(copies("h" + host, sequence, large));
            }
        }
        assertThat(told).hasSize(40 * 60);
        siblings.forget(Set.of("h0"));
        assertThat(siblings.held()).isZero();
    }

    @Test
    void reading_the_ledger_holds_up_nothing_and_each_host_waits_for_one_answer_at_a_time() {
        siblings.receive(beat("a", 1, 1, 0));
        for (int i = 0; i < 100; i++) {
            siblings.receive(new Message.AskEntries("a", 1, 9));
            siblings.receive(new Message.AskEntries("b", 1, 9));
        }
        assertThat(forFiles).hasSize(2);
        assertThat(sent).isEmpty();
        forFiles.forEach(Runnable::run);
        assertThat(sent).hasSize(2);
        siblings.receive(new Message.AskEntries("a", 1, 9));
        assertThat(forFiles).hasSize(3);
    }

    @Test
    void a_run_that_is_older_than_a_known_one_is_counted_and_said_once_with_what_to_do() {
        try (LogLines log = new LogLines()) {
            siblings.receive(beat("a", 2_000, 1, 0));
            for (int beat = 1; beat <= 3; beat++) {
                siblings.receive(beat("a", 1_000, beat, 0));
                siblings.receive(beat("a", 1_000, beat, 0));
            }
            assertThat(log.with("were ignored"))
                    .as("some may have been overtaken")
                    .isEmpty();
            for (int beat = 4; beat <= 50; beat++) {
                assertThat(siblings.receive(beat("a", 1_000, beat, 0))).isFalse();
            }
            assertThat(siblings.passedOver("a")).isEqualTo(50);
            assertThat(log.with("were ignored")).singleElement().asString().contains("of a ", "restart its agent");
        }
    }

    @Test
    void another_host_of_the_same_name_is_said() {
        try (LogLines log = new LogLines()) {
            siblings.receive(beat("me", 10, 1, 0));
            assertThat(log.with("uses this host's name")).isEmpty();
            siblings.receive(beat("me", 11, 1, 0));
            siblings.receive(beat("me", 11, 2, 0));
            assertThat(log.with("uses this host's name")).hasSize(1);
        }
    }

    @Test
    void only_so_many_hosts_are_listened_to_and_one_that_is_forgotten_makes_room() {
        for (int i = 0; i <= Siblings.HOSTS_MAX; i++) {
            assertThat(siblings.receive(beat("h" + i, 1, 1, 0))).isEqualTo(i < Siblings.HOSTS_MAX);
        }
        siblings.forget(Set.of("h7"));
        assertThat(siblings.receive(beat("new", 1, 1, 0))).isTrue();
    }

    @Test
    void the_file_is_written_when_something_has_changed_and_not_twice_in_some_seconds() throws Exception {
        long[] nanos = {0};
        Path path = folder.resolve("siblings.json");
        HostFile file = new HostFile(new DueFile(path, () -> nanos[0], new Complaints(() -> nanos[0])));
        file.write(5, List.of(row(1, Instant.EPOCH)), Map.of());
        for (int beat = 0; beat < 290; beat++) {
            nanos[0] += TimeUnit.SECONDS.toNanos(2);
            file.writeIfDue(5, List.of(row(1, Instant.EPOCH.plusSeconds(beat))), Map.of(), forFiles::add);
        }
        assertThat(forFiles).as("it was merely seen again").isEmpty();
        for (int beat = 0; beat < 10; beat++) {
            nanos[0] += TimeUnit.SECONDS.toNanos(2);
            file.writeIfDue(5, List.of(row(2 + beat, Instant.EPOCH)), Map.of(), forFiles::add);
        }
        assertThat(forFiles).hasSizeBetween(3, 4);
        Files.delete(path);
        forFiles.forEach(Runnable::run);
        assertThat(new HostFile(new DueFile(path, () -> 0, new Complaints(() -> 0)))
                        .read()
                        .rows())
                .containsOnlyKeys("a");
    }

    private static HostRow row(long height, Instant seen) {
        return new HostRow("a", true, seen, height, "1", "");
    }

    private static Message.Heartbeat beat(String host, long epoch, long beat, long last) {
        return new Message.Heartbeat(host, epoch, beat, 0, 1, 0, last, 0, "1", "", "");
    }

    private static Message.Copies copies(String host, long sequence, String text) {
        return new Message.Copies(
                host,
                List.of(new Copy(
                        host, 1, sequence, 0, Instant.EPOCH, "k", "s", new JsonObject().put("t", text), false, 0)));
    }
}
