// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
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
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.bus.SharedBus;
import org.opdbus.verticles.commit.CommitVerticle;
import org.opdbus.verticles.testing.Eventually;

/** Two agents' halves, each with a local bus of its own, on one shared bus. */
class ClusterVerticleTest {
    @TempDir
    Path folder;

    private final Vertx between = Vertx.vertx();
    private final List<Host> hosts = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        hosts.forEach(Host::close);
        between.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void facts_during_a_loss_of_the_shared_bus_are_published_once_when_it_returns() throws IOException {
        Host a = new Host("a");
        Host b = new Host("b");
        a.happen("first");
        Eventually.eventually(() -> {
            assertThat(b.reasons("a")).containsExactly("first");
        });

        a.shared.onNext(Optional.empty());
        a.happen("second");
        a.happen("third");
        a.shared.onNext(Optional.of(new SharedBus(between)));
        Eventually.eventually(() -> {
            assertThat(b.reasons("a")).containsExactly("first", "second", "third");
        });
    }

    @Test
    void a_host_that_falls_silent_is_shown_as_away_and_remembered_by_the_next_run() throws IOException {
        Host a = new Host("a");
        Host b = new Host("b");
        Eventually.eventually(() -> {
            assertThat(a.verticle.hosts())
                    .singleElement()
                    .satisfies(row -> assertThat(row.up()).isTrue());
        });
        b.shared.onNext(Optional.empty());
        Eventually.eventually(() -> {
            assertThat(a.verticle.hosts())
                    .singleElement()
                    .satisfies(row -> assertThat(row.up()).isFalse());
        });
        a.close();
        Host again = new Host("a");
        Eventually.eventually(() -> {
            assertThat(again.verticle.hosts()).extracting(HostRow::host).containsExactly("b");
        });
    }

    @Test
    void what_cannot_be_read_holds_up_nothing() throws IOException {
        Host a = new Host("a");
        Host b = new Host("b");
        between.eventBus().publish(ClusterVerticle.TO_ALL, Buffer.buffer("{\"v\":1}"));
        between.eventBus().publish(ClusterVerticle.TO_ALL, "no bytes at all");
        a.happen("still here");
        Eventually.eventually(() -> {
            assertThat(b.reasons("a")).containsExactly("still here");
        });
    }

    @Test
    void the_containers_of_every_host_are_seen_on_every_other_and_remembered_of_those_that_are_away()
            throws IOException {
        Host a = new Host("a");
        Host b = new Host("b");
        b.containers = containers("100", "101");
        // Before every source has listed, the containers are unknown.
        for (Source source : Source.values()) {
            assertThat(b.questions).hasValue(0);
            b.bus.publish(new SourceListed(source, 0));
        }
        b.bus.publish(new ContainerStarted(container(), 17));
        Eventually.eventually(() -> {
            assertThat(a.ids("b")).containsExactly("100", "101");
            assertThat(b.ids("a")).isEmpty();
        });

        b.containers = containers("101");
        b.bus.publish(new ContainerStopped(container(), "stopped"));
        Eventually.eventually(() -> {
            assertThat(a.ids("b")).containsExactly("101");
        });
        Eventually.eventually(() -> {
            assertThat(a.shown)
                    .last()
                    .satisfies(hosts -> assertThat(hosts)
                            .singleElement()
                            .satisfies(host -> assertThat(host.containers()).hasSize(1)));
        });

        b.close();
        Eventually.eventually(() -> {
            assertThat(a.verticle.seen())
                    .singleElement()
                    .satisfies(host -> assertThat(host.row().up()).isFalse());
        });
        assertThat(a.ids("b")).containsExactly("101");
        a.close();
        Host again = new Host("a");
        Eventually.eventually(() -> {
            assertThat(again.ids("b")).containsExactly("101");
        });
    }

    @Test
    void entries_of_peers_are_fetched_and_checked_only_while_a_caller_reads() throws IOException {
        Host a = new Host("a");
        Host b = new Host("b");
        b.local
                .deployVerticle(new CommitVerticle(b.bus, b.ledger))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        b.happen("nobody looks");
        Eventually.eventually(() -> {
            assertThat(a.verticle.hosts())
                    .singleElement()
                    .satisfies(row -> assertThat(row.height()).isEqualTo(1));
        });
        a.wantsEntries = true;
        Eventually.eventually(() -> {
            b.happen("somebody may look by now");
            assertThat(a.entries).isNotEmpty();
        });
        b.happen("last");
        Eventually.eventually(() -> {
            assertThat(a.entries)
                    .last()
                    .satisfies(entry -> assertThat(entry.data()).containsEntry("reason", "last"));
        });
        List<String> lines = new ArrayList<>();
        LedgerReader.of(folder.resolve("b").resolve("ledger")).tail(a.entries.size(), entry -> lines.add(entry.line()));
        assertThat(a.entries).extracting(Entry::line).isEqualTo(lines);
        assertThat(a.entries.get(0).height()).isGreaterThan(1);
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

    private final class Host implements Onlooker, AutoCloseable {
        private final Vertx local = Vertx.vertx();
        private final Bus bus = new Bus(local);
        private final BehaviorProcessor<Optional<SharedBus>> shared =
                BehaviorProcessor.createDefault(Optional.of(new SharedBus(between)));
        private final List<Told> told = new CopyOnWriteArrayList<>();
        private final FileLedger ledger;
        private final ClusterVerticle verticle;
        private final List<List<SeenHost>> shown = new CopyOnWriteArrayList<>();
        private final Disposable showing;
        private final List<Entry> entries = new CopyOnWriteArrayList<>();
        private final AtomicInteger questions = new AtomicInteger();
        private volatile boolean wantsEntries;
        private volatile JsonArray containers = new JsonArray();

        private Host(String name) throws IOException {
            Path dir = folder.resolve(name).resolve("ledger");
            Files.createDirectories(dir);
            ledger = FileLedger.open(LedgerOptions.of(dir, name));
            ClusterOptions options = new ClusterOptions(
                    name, "1", dir, ledger.key().toString(), dir.resolveSibling("siblings.json"), 64, 100);
            verticle = new ClusterVerticle(bus, options, ledger, shared, this, Set::of);
            showing = verticle.changes().subscribe(shown::add);
            local.deployVerticle(verticle)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            hosts.add(this);
        }

        private void happen(String reason) {
            bus.publish(new AgentStopping("host", reason));
        }

        private List<String> reasons(String host) {
            return told.stream()
                    .filter(each -> each.host().equals(host) && each instanceof Told.Live)
                    .map(each -> ((Told.Live) each).copy().data().getString("reason"))
                    .toList();
        }

        @Override
        public void hear(Told one) {
            told.add(one);
        }

        @Override
        public Single<JsonArray> containers() {
            questions.incrementAndGet();
            return Single.fromCallable(() -> containers);
        }

        @Override
        public boolean wantsEntries() {
            return wantsEntries;
        }

        @Override
        public void hear(Entry entry) {
            entries.add(entry);
        }

        private List<String> ids(String host) {
            return verticle.seen().stream()
                    .filter(seen -> seen.row().host().equals(host))
                    .flatMap(seen -> seen.containers().stream())
                    .map(row -> new JsonObject(row).getString("id"))
                    .toList();
        }

        @Override
        public void close() {
            showing.dispose();
            if (hosts.remove(this)) {
                local.close().toCompletionStage().toCompletableFuture().join();
                ledger.close();
            }
        }
    }
}
