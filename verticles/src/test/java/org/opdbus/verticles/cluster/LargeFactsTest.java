// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.events.AgentEvent.AgentStopping;
import org.opdbus.events.LedgerEvent.LedgerDegraded;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.cluster.entries.EntryPuller;
import org.opdbus.verticles.cluster.entries.EntryServer;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.cluster.wire.JsonSize;
import org.opdbus.verticles.cluster.wire.LiveFact;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.PeerEvent;
import org.opdbus.verticles.cluster.wire.Wire;

/** No fact, however large or strange, blocks the later ones. */
class LargeFactsTest {
    @TempDir
    Path folder;

    private final LiveFacts live = new LiveFacts("a");

    @ParameterizedTest
    @ValueSource(ints = {8_000, 100_000, 125_000})
    void entries_that_fit_no_single_message_together_arrive_in_several(int length) {
        int count = 2_400_000 / length;
        // As a text in JSON, this takes twice the bytes of the file's line, which has twice the length.
        String text = "\"".repeat(length);
        Path dir = folder.resolve("ledger");
        try (FileLedger ledger = FileLedger.open(LedgerOptions.of(dir, "a"))) {
            for (int i = 0; i < count; i++) {
                ledger.append(new Draft("k", "s", Map.of("t", text))).join();
            }
        }
        List<PeerEvent> told = new ArrayList<>();
        Deque<Message> answers = new ArrayDeque<>();
        EntryServer server = new EntryServer(
                "a",
                dir,
                () -> count,
                (host, message) -> answers.add(message),
                Runnable::run,
                new PeerWarnings(System::nanoTime));
        EntryPuller puller = new EntryPuller("b", told::add, new Random(1));
        Optional<Message.AskEntries> ask =
                puller.head(new Message.LedgerHead("a", 1, 1, 0, count, "1", "", "", 0, 0), 1_000);
        int pages = 0;
        while (ask.isPresent()) {
            server.ask(ask.get());
            Message answer = Wire.read(Wire.write(answers.remove(), "pve2")).orElseThrow();
            ask = puller.entries((Message.Entries) answer, 1_000);
            pages++;
        }
        assertThat(told).hasSize(count);
        assertThat(pages).isGreaterThan(8);
    }

    @Test
    void facts_that_fit_no_single_message_together_arrive_in_several() {
        for (int i = 0; i < 20; i++) {
            happen("x".repeat(100_000));
        }
        List<Message.LiveFacts> messages = messages();
        assertThat(messages)
                .hasSize(10)
                .allSatisfy(each -> assertThat(each.facts()).hasSize(2));
        assertThat(messages).extracting(Message.LiveFacts::first).startsWith(1L, 3L, 5L);
    }

    @Test
    void a_fact_that_is_too_large_arrives_without_its_data_and_says_so() {
        happen("before");
        happen("\u0001".repeat(200_000));
        happen("after");
        assertThat(facts())
                .extracting(LiveFact::data)
                .satisfiesExactly(
                        data -> assertThat(data.getString("reason")).isEqualTo("before"),
                        data -> assertThat(data.getLong(LiveFact.LEFT_OUT)).isGreaterThan(1_200_000),
                        data -> assertThat(data.getString("reason")).isEqualTo("after"));
    }

    @Test
    void a_fact_that_has_no_form_in_utf_8_holds_up_nothing() {
        happen("half a pair: \ud800");
        happen("after");
        List<LiveFact> facts = facts();
        assertThat(facts).hasSize(2);
        assertThat(facts.get(0).isCut()).isTrue();
        assertThat(facts.get(1).data().getString("reason")).isEqualTo("after");
        assertThat(JsonSize.clipped("subject \udc00 " + "s".repeat(300), 256))
                .startsWith("subject \ufffd sss")
                .hasSize(256);
    }

    @Test
    void what_waits_stays_within_the_memory_and_the_oldest_goes() {
        for (int i = 0; i < 400; i++) {
            happen("x".repeat(100_000));
        }
        List<LiveFact> facts = facts();
        assertThat(facts.size() * 100_000L).isBetween(3_000_000L, (long) LiveFacts.BYTES_MAX);
        for (int i = 0; i < 2 * LiveFacts.FACTS_MAX; i++) {
            happen("number " + i);
        }
        assertThat(facts())
                .hasSize(LiveFacts.FACTS_MAX)
                .last()
                .satisfies(last -> assertThat(last.data().getString("reason"))
                        .isEqualTo("number " + (2 * LiveFacts.FACTS_MAX - 1)));
    }

    @Test
    void recorded_facts_are_not_sent_live() {
        assertThat(live.append(new AgentStopping("a", "because"), Instant.EPOCH))
                .isFalse();
        assertThat(live.isEmpty()).isTrue();
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

    private void happen(String reason) {
        assertThat(live.append(new LedgerDegraded(reason), Instant.EPOCH)).isTrue();
    }

    private List<Message.LiveFacts> messages() {
        List<Message.LiveFacts> messages = new ArrayList<>();
        for (Optional<Message.LiveFacts> next = live.next(1); next.isPresent(); next = live.next(1)) {
            messages.add((Message.LiveFacts)
                    Wire.read(Wire.write(next.get(), "pve2")).orElseThrow());
        }
        return messages;
    }

    private List<LiveFact> facts() {
        return messages().stream().flatMap(each -> each.facts().stream()).toList();
    }
}
