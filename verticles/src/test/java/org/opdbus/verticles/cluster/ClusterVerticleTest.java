// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.AgentEvent.AgentStopping;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Workload.LxcContainer;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.verticles.cluster.wire.FakeSigner;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.PeerEvent;
import org.opdbus.verticles.cluster.wire.SignedMessage;
import org.opdbus.verticles.testing.Eventually;

/** Two agents' halves, each with a local bus of its own, on one shared bus. */
class ClusterVerticleTest {
    @TempDir
    Path folder;

    private final Vertx between = Vertx.vertx();
    private final List<ClusterHost> hosts = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        hosts.forEach(ClusterHost::close);
        between.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void facts_during_a_loss_of_the_shared_bus_are_published_once_when_it_returns() throws IOException {
        ClusterHost a = host("a");
        ClusterHost b = host("b");
        happen(a, "first");
        Eventually.eventually(() -> {
            assertThat(b.reasons("a")).containsExactly("first");
        });

        a.leaveBus();
        happen(a, "second");
        happen(a, "third");
        a.joinBus();
        Eventually.eventually(() -> {
            assertThat(b.reasons("a")).containsExactly("first", "second", "third");
        });
    }

    @Test
    void a_host_that_falls_silent_is_shown_as_away_and_remembered_by_the_next_run() throws IOException {
        ClusterHost a = host("a");
        ClusterHost b = host("b");
        Eventually.eventually(() -> {
            assertThat(a.verticle.hosts())
                    .singleElement()
                    .satisfies(row -> assertThat(row.up()).isTrue());
        });
        b.leaveBus();
        Eventually.eventually(() -> {
            assertThat(a.verticle.hosts())
                    .singleElement()
                    .satisfies(row -> assertThat(row.up()).isFalse());
        });
        a.close();
        ClusterHost again = host("a");
        Eventually.eventually(() -> {
            assertThat(again.verticle.hosts()).extracting(HostRow::host).containsExactly("b");
        });
    }

    @Test
    void what_cannot_be_read_holds_up_nothing() throws IOException {
        ClusterHost a = host("a");
        ClusterHost b = host("b");
        between.eventBus().publish(EmbeddedTransport.TO_ALL, Buffer.buffer("{\"v\":1}"));
        between.eventBus().publish(EmbeddedTransport.TO_ALL, "no bytes at all");
        happen(a, "still here");
        Eventually.eventually(() -> {
            assertThat(b.reasons("a")).containsExactly("still here");
        });
    }

    @Test
    void the_containers_of_every_host_are_seen_on_every_other_and_remembered_of_those_that_are_away()
            throws IOException {
        ClusterHost a = host("a");
        ClusterHost b = host("b");
        b.containers = containers("100", "101");
        // Before every source has listed, the containers are unknown.
        for (Source source : Source.values()) {
            assertThat(b.questions).hasValue(0);
            b.happen(new SourceListed(source, 0));
        }
        b.happen(new ContainerStarted(container(), 17));
        Eventually.eventually(() -> {
            assertThat(ids(a, "b")).containsExactly("100", "101");
            assertThat(ids(b, "a")).isEmpty();
        });

        b.containers = containers("101");
        b.happen(new ContainerStopped(container(), "stopped"));
        Eventually.eventually(() -> {
            assertThat(ids(a, "b")).containsExactly("101");
        });
        b.close();
        Eventually.eventually(() -> {
            assertThat(a.verticle.seen())
                    .singleElement()
                    .satisfies(host -> assertThat(host.row().up()).isFalse());
        });
        assertThat(ids(a, "b")).containsExactly("101");
        a.close();
        ClusterHost again = host("a");
        Eventually.eventually(() -> {
            assertThat(ids(again, "b")).containsExactly("101");
        });
    }

    @Test
    void the_entries_of_peers_come_as_their_ledgers_have_them_and_the_next_run_goes_on_after_the_last()
            throws IOException {
        ClusterHost a = host("a");
        ClusterHost b = host("b");
        happen(b, "first");
        happen(b, "second");
        Eventually.eventually(() -> {
            assertThat(a.reasons("b")).containsExactly("first", "second");
        });
        List<String> lines = new ArrayList<>();
        LedgerReader.of(b.home.resolve("ledger")).from(1, entry -> lines.add(entry.line()));
        assertThat(a.entries()).extracting(Entry::line).isEqualTo(lines);

        a.close();
        happen(b, "third");
        ClusterHost again = host("a");
        happen(b, "fourth");
        Eventually.eventually(() -> {
            assertThat(again.reasons("b")).containsExactly("third", "fourth");
        });
    }

    @Test
    void a_host_that_comes_late_gets_the_latest_entries_of_the_others() throws IOException {
        ClusterHost b = host("b");
        happen(b, "first");
        happen(b, "second");
        ClusterHost a = host("a");
        Eventually.eventually(() -> {
            assertThat(a.reasons("b")).containsExactly("first", "second");
        });
    }

    @Test
    void facts_that_are_not_recorded_are_live() throws IOException {
        ClusterHost a = host("a");
        ClusterHost b = host("b");
        Eventually.eventually(() -> {
            b.happen(new SourceListed(Source.OVSDB, 1));
            assertThat(a.told).isNotEmpty();
        });
        assertThat(a.told)
                .allSatisfy(each -> assertThat(each)
                        .isInstanceOfSatisfying(
                                PeerEvent.Live.class,
                                live -> assertThat(live.fact().kind()).isEqualTo("source.listed")));
    }

    @Test
    void a_member_that_speaks_for_another_is_refused_and_named() throws IOException {
        ClusterHost a = host("a");
        ClusterHost b = host("b");
        try (LogLines log = new LogLines()) {
            Message forged = new Message.LedgerHead("b", Long.MAX_VALUE / 4, 1, 0, 9_999, "6.6.6", "", "", 0, 0);
            Message.LedgerHead own = new Message.LedgerHead("evil", 1, 1, 0, 0, "1", "", "", 0, 0);
            Eventually.eventually(() -> {
                for (Message each : List.of(own, forged)) {
                    between.eventBus()
                            .publish(EmbeddedTransport.TO_ALL, SignedMessage.write(each, "", new FakeSigner("evil")));
                }
                assertThat(log.with("cluster.forged by=evil"))
                        .anySatisfy(line -> assertThat(line).contains("in the name of b"));
            });
            Eventually.eventually(() -> {
                assertThat(a.verticle.forged().byMember()).containsOnlyKeys("evil");
                assertThat(a.verticle.forged().byReason()).containsOnlyKeys("sender");
            });
            between.eventBus().publish(EmbeddedTransport.TO_ALL, Buffer.buffer("{\"v\":2,\"host\":\"b\"}"));
            Eventually.eventually(() -> {
                assertThat(a.verticle.forged().byReason()).containsEntry("signature", 1L);
            });
            assertThat(a.verticle.forged().byMember())
                    .as("a name that no signature proves blames no member")
                    .containsOnlyKeys("evil");
            happen(b, "still here");
            Eventually.eventually(() -> {
                assertThat(a.reasons("b")).containsExactly("still here");
                assertThat(a.verticle.hosts())
                        .filteredOn(row -> row.host().equals("b"))
                        .singleElement()
                        .satisfies(row -> assertThat(row.version()).isEqualTo("1"));
            });
        }
    }

    @Test
    void a_question_that_a_member_passes_on_to_a_third_is_refused_and_counted() throws IOException {
        ClusterHost a = host("a");
        List<Long> answered = new CopyOnWriteArrayList<>();
        between.eventBus().<Buffer>consumer(EmbeddedTransport.TO_HOST + "c", message -> {
            JsonObject answer = message.body().toJsonObject();
            if (answer.getString("kind").equals("held")) {
                assertThat(answer.getString("for")).isEqualTo("c");
                answered.add(answer.getLong("question"));
            }
        });
        FakeSigner signer = new FakeSigner("c");
        Eventually.eventually(() -> {
            Message head = new Message.LedgerHead("c", 1, System.nanoTime(), 0, 0, "1", "", "", 0, 0);
            between.eventBus().publish(EmbeddedTransport.TO_ALL, SignedMessage.write(head, "", signer));
            for (String receiver : List.of("b", "a")) {
                Message question = new Message.AskHead("c", receiver.equals("b") ? 1 : 2);
                between.eventBus()
                        .publish(EmbeddedTransport.TO_HOST + "a", SignedMessage.write(question, receiver, signer));
            }
            assertThat(answered).contains(2L);
        });
        assertThat(answered).as("that was asked of b").doesNotContain(1L);
        assertThat(a.verticle.forged().byReason()).containsOnlyKeys("receiver");
        assertThat(a.verticle.forged().byMember())
                .as("who passed it on is not known, and c is not to blame")
                .isEmpty();
    }

    private ClusterHost host(String name) throws IOException {
        ClusterHost host = new ClusterHost(folder.resolve(name), name, between);
        hosts.add(host);
        return host;
    }

    private static void happen(ClusterHost host, String reason) {
        host.happen(new AgentStopping("host", reason));
    }

    private static List<String> ids(ClusterHost at, String host) {
        return at.verticle.seen().stream()
                .filter(seen -> seen.row().host().equals(host))
                .flatMap(seen -> seen.containers().stream())
                .map(row -> new JsonObject(row).getString("id"))
                .toList();
    }

    private static LxcContainer container() {
        return new LxcContainer(new ContainerId("100"), "/var/lib/lxc");
    }

    private static JsonArray containers(String... ids) {
        JsonArray containers = new JsonArray();
        for (String id : ids) {
            containers.add(new JsonObject().put("id", id).put("running", true));
        }
        return containers;
    }
}
