// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.AgentEvent.AgentStopping;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.cluster.wire.FakeSigner;
import org.opdbus.verticles.cluster.wire.PeerEvent;
import org.opdbus.verticles.cluster.wire.SignedMessage;
import org.opdbus.verticles.testing.Eventually;

/** A host of this version and one of a later version, and hosts that restart while they are upgraded. */
class RollingUpgradeTest {
    @TempDir
    Path folder;

    private final Vertx between = Vertx.vertx();

    @AfterEach
    void close() {
        between.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void known_parts_of_a_later_version_are_used_and_the_rest_is_ignored() throws IOException {
        AtomicInteger live = new AtomicInteger();
        between.eventBus().<Buffer>consumer(EmbeddedTransport.TO_HOST + "newer", message -> {
            JsonObject read = message.body().toJsonObject();
            assertThat(read.getInteger("v")).isEqualTo(2);
            live.addAndGet(read.getString("kind").equals("live") ? 1 : 0);
        });
        try (LogLines log = new LogLines();
                ClusterHost host = new ClusterHost(folder.resolve("a"), "a", between)) {
            Eventually.eventually(() -> {
                publish(newer(
                        "head", head().put("count", System.nanoTime()).put("load", new JsonObject().put("one", 0.5))));
                assertThat(host.verticle.hosts()).extracting(HostRow::version).containsExactly("2.0");
            });
            for (int i = 1; i <= 50; i++) {
                publish(newer("gossip", new JsonObject().put("about", "anything")));
                publish(newer(
                        "live",
                        new JsonObject()
                                .put("run", 7)
                                .put("first", i)
                                .put("compression", "none")
                                .put("facts", new JsonArray().add(fact(i)))));
            }
            Eventually.eventually(() -> {
                assertThat(host.told).hasSize(50);
            });
            assertThat(host.told).first().isInstanceOfSatisfying(PeerEvent.Live.class, heard -> {
                assertThat(heard.fact().kind()).isEqualTo("moon.rose");
                assertThat(heard.fact().data())
                        .isEqualTo(new JsonObject().put("phase", "full").put("n", 1));
            });
            host.happen(new SourceListed(Source.OVSDB, 1));
            Eventually.eventually(() -> {
                assertThat(live.get()).isPositive();
            });
            assertThat(log.with("dropped")).isEmpty();
            assertThat(log.with("refused")).isEmpty();
        }
    }

    @Test
    void an_earlier_version_without_signatures_is_refused_and_named() throws IOException {
        try (LogLines log = new LogLines();
                ClusterHost host = new ClusterHost(folder.resolve("a"), "a", between)) {
            Eventually.eventually(() -> {
                publish(oldest());
                assertThat(log.with("cluster.forged by=older"))
                        .singleElement()
                        .asString()
                        .contains("is its agent older?");
            });
            assertThat(host.verticle.hosts()).isEmpty();
        }
    }

    @Test
    void an_earlier_version_that_names_no_receiver_is_answered() throws IOException {
        List<JsonObject> answers = new CopyOnWriteArrayList<>();
        between.eventBus()
                .<Buffer>consumer(
                        EmbeddedTransport.TO_HOST + "older",
                        message -> answers.add(message.body().toJsonObject()));
        try (ClusterHost host = new ClusterHost(folder.resolve("a"), "a", between)) {
            host.happen(new AgentStopping("a", "first"));
            Eventually.eventually(() -> {
                publish(older("head", head().put("count", System.nanoTime())));
                publish(older("ask-entries", new JsonObject().put("from", 1).put("to", 1)));
                publish(older("ask-head", new JsonObject().put("question", 7)));
                assertThat(answers).extracting(each -> each.getString("kind")).contains("entries", "held");
            });
            assertThat(answers)
                    .filteredOn(each -> each.getString("kind").equals("held"))
                    .allSatisfy(each -> assertThat(each.getString("for")).isEqualTo("older"));
            assertThat(answers)
                    .filteredOn(each -> each.getString("kind").equals("entries"))
                    .first()
                    .satisfies(each -> assertThat(each.containsKey("for")).isFalse());
            assertThat(host.verticle.forged().byReason()).isEmpty();
        }
    }

    @Test
    void entries_recorded_while_old_and_new_showed_each_other_as_away_arrive_once_both_are_new() throws IOException {
        try (ClusterHost a = new ClusterHost(folder.resolve("a"), "a", between)) {
            Path home = folder.resolve("b");
            Path dir = Files.createDirectories(home.resolve("ledger"));
            try (FileLedger old = FileLedger.open(LedgerOptions.of(dir, "b"))) {
                a.happen(new AgentStopping("a", "while b was old"));
                old.append(new Draft("agent.stopping", "b", Map.of("reason", "when it was old")))
                        .join();
                Eventually.eventually(() -> {
                    publish(oldest());
                    assertThat(a.verticle.forged().byReason()).containsOnlyKeys("signature");
                });
                assertThat(a.verticle.hosts()).isEmpty();
                assertThat(a.told).isEmpty();
            }
            try (ClusterHost b = new ClusterHost(home, "b", between)) {
                b.happen(new AgentStopping("b", "when it was new"));
                Eventually.eventually(() -> {
                    assertThat(a.reasons("b")).containsExactly("when it was old", "when it was new");
                    assertThat(b.reasons("a")).containsExactly("while b was old");
                });
            }
        }
    }

    @Test
    void hosts_that_leave_and_return_ten_times_do_not_fill_a_log() throws IOException {
        try (LogLines log = new LogLines();
                ClusterHost a = new ClusterHost(folder.resolve("a"), "a", between);
                ClusterHost b = new ClusterHost(folder.resolve("b"), "b", between)) {
            for (int i = 0; i < 10; i++) {
                String reason = "because " + i;
                b.happen(new AgentStopping("b", reason));
                Eventually.eventually(() -> {
                    assertThat(a.reasons("b")).contains(reason);
                    assertThat(a.verticle.hosts()).allMatch(HostRow::up);
                });
                b.leaveBus();
                Eventually.eventually(() -> {
                    assertThat(a.verticle.hosts()).noneMatch(HostRow::up);
                });
                b.joinBus();
            }
            assertThat(log.with("host=b")).as("told by a").hasSize(4);
            assertThat(log.with("")).as("told by both").hasSizeLessThanOrEqualTo(8);
        }
    }

    @Test
    void who_sees_a_host_for_the_first_time_answers_that_host_alone() throws IOException {
        AtomicInteger toAll = new AtomicInteger();
        between.eventBus().consumer(EmbeddedTransport.TO_ALL, message -> toAll.incrementAndGet());
        try (ClusterHost a = slow("a");
                ClusterHost b = slow("b");
                ClusterHost c = slow("c");
                ClusterHost d = slow("d")) {
            Eventually.eventually(() -> {
                assertThat(List.of(a, b, c, d))
                        .allSatisfy(host ->
                                assertThat(host.verticle.hosts()).hasSize(3).allMatch(HostRow::up));
            });
            assertThat(toAll.get()).as("one each, when it joined").isEqualTo(4);
        }
    }

    private ClusterHost slow(String name) throws IOException {
        return new ClusterHost(folder.resolve(name), name, between, 600_000);
    }

    private void publish(Buffer message) {
        between.eventBus().publish(EmbeddedTransport.TO_ALL, message);
    }

    private static Buffer newer(String kind, JsonObject fields) {
        return SignedMessage.signed(
                fields.put("v", 3).put("kind", kind).put("host", "newer").toBuffer(), new FakeSigner("newer"));
    }

    private static Buffer older(String kind, JsonObject fields) {
        return SignedMessage.signed(
                fields.put("v", 2).put("kind", kind).put("host", "older").toBuffer(), new FakeSigner("older"));
    }

    private static Buffer oldest() {
        return new JsonObject()
                .put("v", 1)
                .put("kind", "heartbeat")
                .put("host", "older")
                .toBuffer();
    }

    private static JsonObject head() {
        return new JsonObject()
                .put("run", 7)
                .put("base", 0)
                .put("height", 0)
                .put("version", "2.0")
                .put("checkpoint", "")
                .put("key", "")
                .put("table", 0);
    }

    private static JsonObject fact(int number) {
        return new JsonObject()
                .put("time", "2026-01-05T10:11:12Z")
                .put("kind", "moon.rose")
                .put("subject", "moon")
                .put("data", new JsonObject().put("phase", "full").put("n", number))
                .put("priority", "low");
    }
}
