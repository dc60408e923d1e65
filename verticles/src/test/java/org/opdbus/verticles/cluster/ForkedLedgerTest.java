// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.AgentEvent.AgentStopping;
import org.opdbus.events.ClusterEvent.Contradiction;
import org.opdbus.events.ClusterEvent.LedgerForked;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.verticles.testing.Eventually;

/** Three agents' halves on one shared bus, one of which returns with another ledger. */
class ForkedLedgerTest {
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
    void every_peer_names_a_host_that_came_back_with_an_older_copy_and_records_the_evidence() throws IOException {
        ClusterHost a = host("a");
        ClusterHost b = host("b");
        ClusterHost c = host("c");
        happen(c, 3);
        c.close();
        Path copy = folder.resolve("copy");
        copy(c.home.resolve("ledger"), copy);
        c = host("c");
        happen(c, 5);
        for (ClusterHost peer : List.of(a, b)) {
            shows(peer, "c", 8);
        }
        c.close();
        remove(c.home.resolve("ledger"));
        copy(copy, c.home.resolve("ledger"));
        c = host("c");
        happen(c, 1);
        for (ClusterHost peer : List.of(a, b)) {
            Eventually.eventually(() -> {
                assertThat(peer.facts(LedgerForked.class)).singleElement().satisfies(fact -> {
                    assertThat(fact.host()).isEqualTo("c");
                    assertThat(fact.reason()).isEqualTo(Contradiction.SHORTER);
                    assertThat(fact.before()).isEqualTo(8);
                });
            });
            Eventually.eventually(() -> {
                assertThat(recorded(peer, "ledger.forked")).hasSize(1);
            });
            Entry entry = recorded(peer, "ledger.forked").get(0);
            assertThat(entry.subject()).isEqualTo("c");
            assertThat(Checkpoint.parse(String.valueOf(entry.data().get("older")))
                            .size())
                    .isEqualTo(8);
        }
        assertThat(c.facts(LedgerForked.class)).isEmpty();
        ClusterHost accused = c;
        Eventually.eventually(() -> {
            assertThat(accused.verticle.heldHeads().blockingGet())
                    .as("whoever asks is told what the others once saw")
                    .extracting(held -> held.host() + " "
                            + Checkpoint.parse(held.checkpoint()).size())
                    .containsExactly("a 8", "b 8");
        });

        // A restarted peer still knows it, and does not report it again.
        a.close();
        ClusterHost again = host("a");
        happen(c, 1);
        shows(again, "c", 5);
        assertThat(again.facts(LedgerForked.class)).isEmpty();
    }

    @Test
    void hosts_whose_ledgers_grow_and_that_begin_anew_are_not_named() throws IOException {
        ClusterHost a = host("a");
        ClusterHost b = host("b");
        for (int i = 0; i < 3; i++) {
            happen(b, 2);
            shows(a, "b", b.height());
            b.close();
            b = host("b");
        }
        happen(b, 1);
        shows(a, "b", 7);
        assertThat(a.facts(LedgerForked.class)).isEmpty();
        assertThat(Files.readString(a.home.resolve("heads.json"))).contains("\"forks\":[]");
    }

    private ClusterHost host(String name) throws IOException {
        ClusterHost host = new ClusterHost(folder.resolve(name), name, between);
        hosts.add(host);
        return host;
    }

    private static void happen(ClusterHost host, int times) {
        long before = host.height();
        for (int i = 0; i < times; i++) {
            host.happen(new AgentStopping(host.name, "number " + i));
        }
        Eventually.eventually(() -> {
            assertThat(host.height()).isEqualTo(before + times);
        });
    }

    private static void shows(ClusterHost at, String host, long size) {
        Eventually.eventually(() -> {
            assertThat(at.verticle.hosts())
                    .filteredOn(row -> row.host().equals(host) && row.up())
                    .singleElement()
                    .satisfies(
                            row -> assertThat(Checkpoint.parse(row.checkpoint()).size())
                                    .isEqualTo(size));
        });
    }

    private static List<Entry> recorded(ClusterHost host, String kind) {
        List<Entry> found = new ArrayList<>();
        LedgerReader.of(host.home.resolve("ledger")).from(1, entry -> {
            if (entry.kind().equals(kind)) {
                found.add(entry);
            }
        });
        return found;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path each : files.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
