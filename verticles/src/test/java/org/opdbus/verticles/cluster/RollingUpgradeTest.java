// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.AgentEvent.AgentStopping;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
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
                        "head",
                        new JsonObject()
                                .put("run", 7)
                                .put("count", System.nanoTime())
                                .put("base", 0)
                                .put("height", 0)
                                .put("version", "2.0")
                                .put("checkpoint", "")
                                .put("key", "")
                                .put("table", 0)
                                .put("load", new JsonObject().put("one", 0.5))));
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
                publish(new JsonObject()
                        .put("v", 1)
                        .put("kind", "heartbeat")
                        .put("host", "older")
                        .toBuffer());
                assertThat(log.with("cluster.forged by=older"))
                        .singleElement()
                        .asString()
                        .contains("is its agent older?");
            });
            assertThat(host.verticle.hosts()).isEmpty();
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

    private static JsonObject fact(int number) {
        return new JsonObject()
                .put("time", "2026-01-05T10:11:12Z")
                .put("kind", "moon.rose")
                .put("subject", "moon")
                .put("data", new JsonObject().put("phase", "full").put("n", number))
                .put("priority", "low");
    }
}
