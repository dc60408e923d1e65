// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.schedulers.TestScheduler;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.http.api.InventoryJson;
import org.opdbus.verticles.http.api.LabJson;
import org.opdbus.verticles.http.events.EventLog;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.RandomInventory;

/**
 * Clients of every pace, whose connections are cut at random, and hubs that end and begin anew while everything changes: a client misses
 * nothing and gets nothing twice. {@link ModelClient} checks each message; this test checks that the clients end with the truth.
 */
class StreamHubPropertyTest {
    private static final int ROUNDS = 10;
    private static final int STEPS = 400;
    private static final int CLIENTS = 6;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    private TestScheduler time = new TestScheduler();
    private RandomInventory inventory = new RandomInventory(random);
    private final List<Consumer<String>> listeners = new ArrayList<>();
    private final Map<ModelClient, StreamReader> readers = new HashMap<>();
    private List<ModelClient> clients = List.of();
    private long line;
    private int run;
    private StreamHub hub = hub();

    private StreamHub hub() {
        StreamSources sources = new StreamSources(
                inventory.live,
                new EventLog(listener -> {
                    listeners.add(listener);
                    return Disposable.fromAction(() -> listeners.remove(listener));
                }),
                () -> Single.just(new JsonObject().put("number", 1)));
        run++;
        return new StreamHub(
                Integer.toHexString(run),
                sources,
                time,
                () -> TimeUnit.MILLISECONDS.toNanos(time.now(TimeUnit.MILLISECONDS)));
    }

    @Test
    void clients_that_are_cut_off_and_come_back_end_with_the_truth() {
        System.out.println("StreamHubPropertyTest: -Dseed=" + seed);
        long snapshots = 0;
        long changes = 0;
        long gaps = 0;
        for (int round = 0; round < ROUNDS; round++) {
            begin();
            for (int step = 0; step < STEPS; step++) {
                step();
            }
            finish();
            for (ModelClient client : clients) {
                assertThat(client.model.picture)
                        .as("-Dseed=%d round %d", seed, round)
                        .isEqualTo(truth());
                assertEachLineFollows(client.model);
                snapshots += client.model.count("snapshot");
                changes += client.model.count("change");
                gaps += client.model.count("gap");
            }
            assertThat(listeners).hasSize(1);
            sleeps();
        }
        assertThat(snapshots).isPositive();
        assertThat(gaps).isPositive();
        assertThat(changes).isGreaterThan(snapshots);
    }

    /** The numbers count the lines, as long as the hub listens: where a number is skipped, lines may be missing. */
    private static void assertEachLineFollows(StreamModel model) {
        model.events.forEach((number, data) -> {
            JsonObject next = model.events.get(number + 1);
            if (next != null) {
                assertThat(next.getLong("line")).isEqualTo(data.getLong("line") + 1);
            }
        });
    }

    private void begin() {
        time = new TestScheduler();
        inventory = new RandomInventory(random);
        hub = hub();
        readers.clear();
        clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new ModelClient());
        }
    }

    private void step() {
        ModelClient client = clients.get(random.nextInt(CLIENTS));
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> inventory.change();
            case 3 -> storm();
            case 4, 5 -> event();
            case 6 -> connect(client);
            case 7 -> take(client, random.nextInt(3_000));
            case 8 -> take(client, Integer.MAX_VALUE);
            case 9 -> rarely(5, () -> cut(client));
            case 10 -> rarely(40, this::restart);
            default -> time.advanceTimeBy(1 + random.nextInt(300), TimeUnit.MILLISECONDS);
        }
        rarely(200, () -> time.advanceTimeBy(70, TimeUnit.SECONDS));
    }

    private void rarely(int of, Runnable what) {
        if (random.nextInt(of) == 0) {
            what.run();
        }
    }

    private void storm() {
        for (int i = random.nextInt(40); i > 0; i--) {
            inventory.change();
            event();
        }
        rarely(20, () -> {
            // More than are held.
            for (int i = 0; i < EventLog.LINES_MAX + 10; i++) {
                event();
            }
        });
    }

    private void event() {
        line++;
        List.copyOf(listeners).forEach(listener -> listener.accept("{\"line\":" + line + ",\"text\":\"\u20ac\"}"));
    }

    private void connect(ModelClient client) {
        if (!client.isOpen() && hub.hasPlace()) {
            // A client that was closed by the agent is gone from the hub already.
            client.connected();
            readers.put(
                    client,
                    hub.open(
                            EnumSet.allOf(StreamTopic.class),
                            client.model.lastId().flatMap(Position::of),
                            client));
        }
    }

    private void take(ModelClient client, int bytes) {
        if (client.isOpen()) {
            client.take(bytes);
            requireNonNull(readers.get(client)).pump();
        }
    }

    private void cut(ModelClient client) {
        if (client.isOpen()) {
            client.end();
            hub.leave(requireNonNull(readers.get(client)));
        }
    }

    /** As when the agent is killed and started again: nobody tells the clients anything. */
    private void restart() {
        hub.close();
        clients.forEach(ModelClient::end);
        hub = hub();
    }

    private void finish() {
        for (int i = 0; i < 100; i++) {
            for (ModelClient client : clients) {
                connect(client);
                take(client, Integer.MAX_VALUE);
            }
            time.advanceTimeBy(StreamHub.PACE_MS, TimeUnit.MILLISECONDS);
        }
        clients.forEach(client -> {
            assertThat(client.model.event()).isEqualTo(hub.events().next() - 1);
            assertThat(client.model.version())
                    .isEqualTo(inventory.live.current().version());
        });
    }

    /** After the last client the hub does nothing any more. */
    private void sleeps() {
        clients.forEach(this::cut);
        time.advanceTimeBy(StreamHub.LINGER_MS, TimeUnit.MILLISECONDS);
        assertThat(listeners).isEmpty();
    }

    private Map<String, Map<String, JsonObject>> truth() {
        Inventory now = inventory.live.current();
        String host = now.host().name();
        Map<String, Map<String, JsonObject>> truth = new TreeMap<>();
        List<JsonObject> hosts = new ArrayList<>(List.of(InventoryJson.host(now.host())));
        List<JsonObject> containers = new ArrayList<>();
        now.containers().values().forEach(each -> containers.add(InventoryJson.container(each, host)));
        now.peers().values().forEach(peer -> {
            hosts.add(InventoryJson.peer(peer));
            containers.addAll(PeerDifference.containers(peer).values());
        });
        put(truth, "hosts", hosts);
        put(truth, "containers", containers);
        put(
                truth,
                "bridges",
                now.bridges().values().stream()
                        .map(each -> InventoryJson.bridge(each, host))
                        .toList());
        put(
                truth,
                "ports",
                now.ports().values().stream()
                        .map(each -> InventoryJson.port(each, host))
                        .toList());
        put(
                truth,
                "links",
                now.links().values().stream()
                        .map(each -> InventoryJson.link(each, host))
                        .toList());
        put(
                truth,
                "labs",
                now.labs().values().stream().map(each -> LabJson.of(each, host)).toList());
        return truth;
    }

    private static void put(Map<String, Map<String, JsonObject>> truth, String kind, List<JsonObject> objects) {
        Map<String, JsonObject> byKey = new TreeMap<>();
        // What travels is text: a number is read back as the smallest type that holds it.
        objects.forEach(each -> byKey.put(each.getString("key"), new JsonObject(each.encode())));
        truth.put(kind, byKey);
    }
}
