// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.reactivex.rxjava3.processors.BehaviorProcessor;
import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.opdbus.events.Event;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.bus.SharedBus;
import org.opdbus.verticles.commit.CommitVerticle;

/** One agent's half, with a local bus, a ledger, and a record of what it received. */
final class ClusterHost implements AutoCloseable {
    final String name;
    final Path home;
    final List<Event> facts = new CopyOnWriteArrayList<>();
    final List<Told> told = new CopyOnWriteArrayList<>();
    final ClusterVerticle verticle;
    final BehaviorProcessor<Optional<SharedBus>> shared;

    private final Vertx local = Vertx.vertx();
    private final Bus bus = new Bus(local);
    private final FileLedger ledger;
    private boolean closed;

    /** Opens the ledger below the folder, which may exist already, and joins the bus between the hosts. */
    ClusterHost(Path home, String name, Vertx between) throws IOException {
        this(home, name, between, 100);
    }

    ClusterHost(Path home, String name, Vertx between, long beatMs) throws IOException {
        this.name = name;
        this.home = home;
        Path dir = home.resolve("ledger");
        Files.createDirectories(dir);
        ledger = FileLedger.open(LedgerOptions.of(dir, name));
        shared = BehaviorProcessor.createDefault(Optional.of(new SharedBus(between)));
        ClusterOptions options =
                new ClusterOptions(name, "1", dir, ledger.key().toString(), home.resolve("siblings.json"), 64, beatMs);
        bus.subscribeAll(facts::add);
        verticle = new ClusterVerticle(bus, options, ledger, shared, told::add);
        deploy(new CommitVerticle(bus, ledger));
        deploy(verticle);
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

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            local.close().toCompletionStage().toCompletableFuture().join();
            ledger.close();
        }
    }
}
