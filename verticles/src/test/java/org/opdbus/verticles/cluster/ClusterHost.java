// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.opdbus.events.Event;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.Ledger;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.bus.SharedBus;
import org.opdbus.verticles.cluster.nats.LedgerOutbox;
import org.opdbus.verticles.cluster.wire.FakeSigner;
import org.opdbus.verticles.cluster.wire.PeerEvent;
import org.opdbus.verticles.commit.CommitVerticle;

/** One agent's half, with a local bus, a ledger, and a record of what it received. */
final class ClusterHost implements AutoCloseable {
    final String name;
    final Path home;
    final List<Event> facts = new CopyOnWriteArrayList<>();
    final List<PeerEvent> told = new CopyOnWriteArrayList<>();
    /** How often this host's containers were asked for. */
    final AtomicInteger questions = new AtomicInteger();

    final ClusterVerticle verticle;
    volatile JsonArray containers = new JsonArray();

    private final BehaviorProcessor<Optional<ClusterTransport>> transport = BehaviorProcessor.create();
    private final Function<LedgerOutbox, ClusterTransport> between;
    private final LedgerOutbox outbox;
    private final Vertx local = Vertx.vertx();
    private final Bus bus = new Bus(local);
    private final FileLedger ledger;
    private boolean closed;

    /** Opens the ledger below the folder, which may exist already, and joins the bus between the hosts. */
    ClusterHost(Path home, String name, Vertx between) throws IOException {
        this(home, name, between, 100);
    }

    ClusterHost(Path home, String name, Vertx between, long beatMs) throws IOException {
        this(home, name, outbox -> new EmbeddedTransport(new SharedBus(between)), beatMs);
        joinBus();
    }

    /**
     * Opens the ledger likewise, and joins nothing yet.
     *
     * @param between makes a transport each time when this host joins
     */
    ClusterHost(Path home, String name, Function<LedgerOutbox, ClusterTransport> between, long beatMs)
            throws IOException {
        this.name = name;
        this.home = home;
        this.between = between;
        Path dir = home.resolve("ledger");
        Files.createDirectories(dir);
        ledger = FileLedger.open(LedgerOptions.of(dir, name));
        ClusterOptions options =
                new ClusterOptions(name, "1", dir, ledger.key().toString(), home.resolve("peers.json"), beatMs);
        bus.subscribeAll(facts::add);
        FakeSigner signer = new FakeSigner(name);
        outbox = new LedgerOutbox(
                name, dir, () -> ledger.head().map(Ledger.Head::height).orElse(0L), signer);
        verticle = new ClusterVerticle(bus, options, ledger, transport, new Ears(), signer, Set::of);
        deploy(new CommitVerticle(bus, ledger));
        deploy(verticle);
    }

    void joinBus() {
        transport.onNext(Optional.of(between.apply(outbox)));
    }

    void leaveBus() {
        transport.onNext(Optional.empty());
    }

    private void deploy(Deployable one) {
        local.deployVerticle(one).toCompletionStage().toCompletableFuture().join();
    }

    void happen(Event event) {
        bus.publish(event);
    }

    long height() {
        return ledger.checkpoint().size();
    }

    <E extends Event> List<E> facts(Class<E> type) {
        return facts.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Returns the entries of peers that were received. */
    List<Entry> entries() {
        return told.stream()
                .filter(PeerEvent.Recorded.class::isInstance)
                .map(each -> ((PeerEvent.Recorded) each).entry())
                .toList();
    }

    /** Returns the "reason" of the entries of one peer. */
    List<String> reasons(String host) {
        return entries().stream()
                .filter(entry -> entry.host().equals(host))
                .map(entry -> String.valueOf(entry.data().get("reason")))
                .toList();
    }

    private final class Ears implements ClusterListener {
        @Override
        public void hear(PeerEvent event) {
            told.add(event);
        }

        @Override
        public Single<JsonArray> containers() {
            questions.incrementAndGet();
            return Single.fromCallable(() -> containers);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            local.close().toCompletionStage().toCompletableFuture().join();
            ledger.close();
        }
    }
}
