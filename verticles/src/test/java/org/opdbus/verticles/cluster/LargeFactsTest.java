// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.events.AgentEvent.AgentStarted;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;

/** No fact, however large or strange, blocks the later ones. */
class LargeFactsTest {
    @TempDir
    Path folder;

    private final Outbox outbox = new Outbox("a", 1, 0, 8192);
    private final Deque<Buffer> toA = new ArrayDeque<>();
    private final Deque<Buffer> toB = new ArrayDeque<>();
    private final List<Told> told = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {8_000, 100_000, 500_000})
    void facts_that_fit_no_single_message_together_arrive_in_several(int length) throws Exception {
        int count = 2_400_000 / length;
        for (int i = 0; i < count; i++) {
            happen("x".repeat(length));
        }
        converse();
        assertThat(told)
                .hasSize(count)
                .allSatisfy(
                        each -> assertThat(dataOf(each).getString("version")).hasSize(length));
    }

    @Test
    void a_fact_that_is_too_large_arrives_without_its_data_and_says_so() throws Exception {
        happen("before");
        happen("\u0001".repeat(200_000));
        happen("after");
        converse();
        assertThat(told)
                .extracting(LargeFactsTest::dataOf)
                .satisfiesExactly(
                        data -> assertThat(data.getString("version")).isEqualTo("before"),
                        data -> assertThat(data.getLong(Copy.LEFT_OUT)).isGreaterThan(1_200_000),
                        data -> assertThat(data.getString("version")).isEqualTo("after"));
        assertThat(told)
                .allSatisfy(each -> assertThat(((Told.Live) each).copy().kind()).isEqualTo("agent.started"));
    }

    @Test
    void a_fact_that_has_no_form_in_utf_8_holds_up_nothing() throws Exception {
        happen("half a pair: \ud800");
        outbox.append(new AgentStarted("subject \udc00 " + "s".repeat(300), "1", "b"), Instant.EPOCH);
        outbox.append(new AgentStarted("", "1", "b"), Instant.EPOCH);
        happen("after");
        converse();
        assertThat(told).hasSize(4);
        assertThat(((Told.Live) told.get(0)).copy().isCut()).isTrue();
        assertThat(((Told.Live) told.get(1)).copy().isCut()).isTrue();
        assertThat(((Told.Live) told.get(1)).copy().subject())
                .startsWith("subject \ufffd sss")
                .hasSize(256);
        assertThat(dataOf(told.get(3)).getString("version")).isEqualTo("after");
    }

    @Test
    void large_facts_push_older_ones_out_of_the_memory() {
        for (int i = 0; i < 400; i++) {
            happen("x".repeat(100_000));
        }
        Message.Heartbeat beat = outbox.heartbeat(1, "1", "", "");
        assertThat(beat.last()).isEqualTo(400);
        assertThat((beat.last() - beat.first() + 1) * 100_000).isBetween(7_000_000L, Outbox.BYTES_MAX);
    }

    @Test
    void entries_whose_lines_grow_as_texts_in_json_fit_into_their_messages() throws IOException, InterruptedException {
        Path dir = folder.resolve("ledger");
        Files.createDirectories(dir);
        try (FileLedger ledger = FileLedger.open(LedgerOptions.of(dir, "a"))) {
            for (int i = 0; i < 4; i++) {
                ledger.append(new Draft("k", "s", Map.of("t", "\"".repeat(125_000))))
                        .join();
            }
        }
        OwnLedger own = new OwnLedger(dir);
        long height = 1;
        while (height <= 4) {
            List<String> lines = own.lines(height, 4);
            assertThat(lines).isNotEmpty();
            assertThat(Wire.read(Wire.write(new Message.Entries("a", height, lines))))
                    .isPresent();
            height += lines.size();
        }
    }

    @Test
    void a_size_is_never_less_than_what_is_written() {
        Random chance = new Random(7);
        for (int i = 0; i < 500; i++) {
            JsonObject json = new JsonObject();
            for (int k = 0; k < 5; k++) {
                StringBuilder text = new StringBuilder();
                chance.ints(10, 0, 0x11000)
                        .filter(c -> c < 0xd800 || c > 0xdfff)
                        .forEach(text::appendCodePoint);
                json.put("k" + text, List.of(text.toString(), chance.nextLong()));
                json.put("n" + k, Map.of("d", chance.nextDouble(), "b", chance.nextBoolean()));
            }
            assertThat(JsonSize.of(json.getMap()))
                    .as(json.encode())
                    .isGreaterThanOrEqualTo(json.toBuffer().length());
        }
    }

    private void happen(String version) {
        outbox.append(new AgentStarted("a", version, "b"), Instant.EPOCH);
    }

    private static JsonObject dataOf(Told each) {
        return ((Told.Live) each).copy().data();
    }

    /** Lets b receive everything of a, in simulated time. */
    private void converse() throws InterruptedException {
        Siblings a = new Siblings("a", outbox, new OwnLedger(folder), to(toB), t -> {}, new Random(1), Map.of());
        Siblings b = new Siblings(
                "b", new Outbox("b", 1, 0, 8), new OwnLedger(folder), to(toA), told::add, new Random(1), Map.of());
        long beat = 0;
        for (long now = 0; now < 60_000; now += 50) {
            if (now % 2000 == 0) {
                toB.add(Wire.write(outbox.heartbeat(++beat, "1", "", "")));
            }
            while (a.send()) {
                // One message each time.
            }
            b.ask(now);
            for (Buffer bytes = toA.poll(); bytes != null; bytes = toA.poll()) {
                a.receive(Wire.read(bytes).orElseThrow());
            }
            for (Buffer bytes = toB.poll(); bytes != null; bytes = toB.poll()) {
                b.receive(Wire.read(bytes).orElseThrow());
            }
        }
        assertThat(b.isCaughtUp("a")).isTrue();
    }

    private static Siblings.Mail to(Deque<Buffer> wire) {
        return new Siblings.Mail() {
            @Override
            public void toAll(Message message) {
                wire.add(Wire.write(message));
            }

            @Override
            public void to(String host, Message message) {
                wire.add(Wire.write(message));
            }
        };
    }
}
