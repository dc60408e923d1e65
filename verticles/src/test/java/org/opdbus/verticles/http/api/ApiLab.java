// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import io.reactivex.rxjava3.processors.PublishProcessor;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Event;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.events.PortEvent.BridgeAdded;
import org.opdbus.events.PortEvent.PortAdded;
import org.opdbus.events.Workload.Asked;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.events.Workload.LxcContainer;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.http.TestWebServer;
import org.opdbus.verticles.http.WebFace;
import org.opdbus.verticles.http.api.ApiSources.LedgerFiles;
import org.opdbus.verticles.http.events.EventLog;
import org.opdbus.verticles.inventory.ContainerNews;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.InventorySources;
import org.opdbus.verticles.inventory.InventoryVerticle;
import org.opdbus.verticles.inventory.KnownLab;
import org.opdbus.verticles.inventory.LiveInventory;
import org.opdbus.verticles.inventory.MeshMembership;
import org.opdbus.verticles.inventory.MeshStanding;
import org.opdbus.verticles.inventory.Peer;
import org.opdbus.verticles.inventory.WantedContainer;
import org.opdbus.verticles.testing.Eventually;

/** A server of the resources, with a real ledger and an inventory that a test fills. */
final class ApiLab implements AutoCloseable {
    static final ContainerId MESHED = new ContainerId("300");

    final Path ledgerFolder;
    final LiveInventory inventory = new LiveInventory(HostFacts.atStart("here", "1.2.3", Instant.EPOCH));
    final BehaviorProcessor<List<Peer>> peers = BehaviorProcessor.createDefault(List.of());
    final BehaviorProcessor<List<KnownLab>> labs = BehaviorProcessor.createDefault(List.of());
    final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    Supplier<Single<JsonArray>> findings = () -> Single.just(new JsonArray());
    Supplier<Optional<Checkpoint>> signed = Optional::empty;
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final PublishProcessor<List<ContainerNews>> news = PublishProcessor.create();
    private final ApiSources sources;
    private final TestWebServer server;

    /** An answer of the server. */
    record Reply(int status, Map<String, String> headers, String body) {
        JsonObject json() {
            return new JsonObject(body);
        }

        String header(String name) {
            return headers.getOrDefault(name, "");
        }

        List<String> keys() {
            return json().getJsonArray("items").stream()
                    .map(item -> ((JsonObject) item).getString("key"))
                    .toList();
        }
    }

    ApiLab(Path folder) {
        ledgerFolder = folder.resolve("ledger");
        InventoryVerticle writer = new InventoryVerticle(
                bus,
                inventory,
                new InventorySources(
                        news,
                        Completable.complete(),
                        id -> WantedContainer.UNNAMED,
                        Flowable.never(),
                        () -> Single.just(Map.of(
                                MESHED,
                                new MeshMembership(
                                        Optional.of(new MeshStanding(
                                                MESHED, "needs-token", false, "no token", "write one", "", "")),
                                        List.of()))),
                        peers,
                        labs));
        vertx.deployVerticle(writer)
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
        sources = new ApiSources(
                inventory,
                new LedgerFiles(ledgerFolder, LedgerOptions.publicKeyFileFor(ledgerFolder), () -> signed.get()),
                new EventLog(line -> {
                    listeners.add(line);
                    return Disposable.fromAction(() -> listeners.remove(line));
                }),
                () -> findings.get());
        server = TestWebServer.open(WebFace.at(ApiRoute.ROOT, made -> new ApiRoute(made, sources)));
    }

    /** Returns the parameters of every path. */
    Map<String, List<String>> parameters() {
        try (ApiRoute route = new ApiRoute(vertx, sources)) {
            return route.parameters();
        }
    }

    int port() {
        return server.port();
    }

    /** Adds so many entries to the ledger. */
    List<Entry> record(int entries) {
        try (FileLedger ledger = FileLedger.open(LedgerOptions.of(ledgerFolder, "here"))) {
            List<CompletableFuture<Entry>> all = new ArrayList<>();
            for (int i = 0; i < entries; i++) {
                String kind = i % 10 == 0 ? "container.started" : "port.added";
                all.add(ledger.append(new Draft(kind, "vi" + i, Map.of("n", i, "text", "\u0007<b>\u202e"))));
            }
            return all.stream().map(CompletableFuture::join).toList();
        }
    }

    /** Publishes facts, and waits until the inventory has changed. */
    void publish(Event... events) {
        for (Event event : events) {
            long before = inventory.current().version();
            bus.publish(event);
            until(() -> inventory.current().version() > before);
        }
    }

    void containers(ContainerStatus... all) {
        long before = inventory.current().version();
        news.onNext(Arrays.stream(all)
                .map(status -> new ContainerNews(status.id(), Optional.of(status)))
                .toList());
        until(() -> inventory.current().version() > before);
    }

    private static void until(BooleanSupplier condition) {
        Eventually.eventually(() -> assertThat(condition.getAsBoolean()).isTrue());
    }

    /** Fills the inventory with one or two of everything. */
    ApiLab filled() {
        containers(
                container("100", ContainerPhase.ENROLLED, "", ""),
                container("200", ContainerPhase.REFUSED, "vi200 is taken", "rename it"),
                container(MESHED.value(), ContainerPhase.ENROLLED, "", ""),
                web());
        until(() -> inventory
                .current()
                .containers()
                .get(MESHED)
                .flatMap(known -> known.mesh().standing())
                .isPresent());
        publish(
                new BridgeAdded(new Bridge("vmbr0", "netdev")),
                new PortAdded(new Port(
                        "u-1",
                        "vi100",
                        "vmbr0",
                        Optional.of(7),
                        Set.of(),
                        Optional.empty(),
                        Map.of("op-dbus:owner", "here", "op-dbus:container", "100", "op-dbus:enrollment", "e"),
                        "",
                        3,
                        Optional.empty())),
                new PortAdded(new Port(
                        "u-2",
                        "vmbr0",
                        "vmbr0",
                        Optional.empty(),
                        Set.of(3, 4),
                        Optional.of("trunk"),
                        Map.of(),
                        "internal",
                        -1,
                        Optional.of("could not \u0001 open"))),
                new LinkAppeared(new Link(
                        4,
                        new LinkName("vi100"),
                        List.of("web"),
                        "veth",
                        Optional.of("aa:bb:cc:dd:ee:ff"),
                        2,
                        1,
                        0,
                        true,
                        true)),
                new LinkAppeared(new Link(
                        1, new LinkName("lo"), List.of(), "", Optional.empty(), 0, Link.NO_NAMESPACE, 0, true, true)));
        peers.onNext(List.of(new Peer(
                "there",
                true,
                Instant.EPOCH,
                5,
                4,
                "ab12",
                "1.2.2",
                List.of(
                        "{\"id\":\"100\",\"state\":\"enrolled\",\"bridge\":\"vmbr1\",\"mesh\":{\"phase\":\"joined\","
                                + "\"network\":\"net\",\"address\":\"10.0.0.1/24\"}}",
                        "broken"),
                2)));
        labs.onNext(List.of(new KnownLab(
                "net",
                "cloonix_net",
                true,
                false,
                List.of(new KnownLab.Endpoint(
                        "_k_1_0",
                        "vm1",
                        "kvm",
                        "running",
                        0,
                        true,
                        "",
                        Optional.of(new KnownLab.Place("lan1", 5, List.of(6))),
                        2,
                        "")),
                List.of(new KnownLab.Lan("lan1", "_b_lan1", true, 1, 1)),
                Map.of("vm1", "no image"))));
        until(() -> inventory.current().labs().size() == 1
                && inventory.current().peers().size() == 1);
        return this;
    }

    static ContainerStatus container(String id, ContainerPhase phase, String why, String remedy) {
        LinkStatus link = new LinkStatus(4, "vi" + id, List.of("web"), Optional.of("vmbr0"), Optional.of(7), 3);
        return new ContainerStatus(
                new ContainerId(id),
                Optional.of(new LxcContainer(new ContainerId(id), "/var/lib/lxc")),
                true,
                phase,
                why,
                remedy,
                List.of(link));
    }

    private static ContainerStatus web() {
        ContainerId id = Kind.DOCKER.id("3f2ab1c9d0e1");
        return new ContainerStatus(
                id,
                Optional.of(new EngineContainer(id, "Web <b>", "nginx:1", "none", Asked.NOTHING)),
                false,
                ContainerPhase.LEFT_ALONE,
                "",
                "",
                List.of());
    }

    Reply get(String path, String... headers) {
        return ask("GET " + path, headers);
    }

    Reply ask(String request, String... headers) {
        String answer = server.ask(request, headers);
        int end = answer.indexOf("\r\n\r\n");
        String[] lines = answer.substring(0, end).split("\r\n", -1);
        Map<String, String> fields = new HashMap<>();
        for (int i = 1; i < lines.length; i++) {
            String[] field = lines[i].split(": ", 2);
            fields.put(field[0].toLowerCase(Locale.ROOT), field[1]);
        }
        byte[] body = answer.substring(end + 4).getBytes(StandardCharsets.ISO_8859_1);
        return new Reply(
                Integer.parseInt(lines[0].split(" ", -1)[1]), fields, new String(body, StandardCharsets.UTF_8));
    }

    /** Returns the whole answer as it came. */
    String raw(String request, String... headers) {
        return server.ask(request, headers);
    }

    @Override
    public void close() {
        server.close();
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }
}
