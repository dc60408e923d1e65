// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.web;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.Context;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.rxjava3.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.http.HttpOptions;
import org.opdbus.verticles.http.HttpVerticle;
import org.opdbus.verticles.http.WebFace;
import org.opdbus.verticles.http.WebFace.Audience;
import org.opdbus.verticles.http.api.ApiRoute;
import org.opdbus.verticles.http.api.ApiSources;
import org.opdbus.verticles.http.events.EventLog;
import org.opdbus.verticles.http.page.PagePaths;
import org.opdbus.verticles.http.page.PageRoute;
import org.opdbus.verticles.http.stream.StreamRoute;
import org.opdbus.verticles.http.stream.StreamSources;
import org.opdbus.verticles.inventory.SyntheticHost;
import org.opdbus.verticles.limits.ByteBudget;

/** Serves a synthetic host and a real ledger over HTTP, by the server, the routes and the page that an agent serves its host with. */
final class PageServer implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final int port = freePort();

    private PageServer(SyntheticHost host, Path ledger, Optional<Checkpoint> signed) {
        EventLog events = new EventLog(this::listen);
        List<WebFace> faces = List.of(
                WebFace.at(
                        StreamRoute.PATH,
                        loop -> new StreamRoute(
                                loop,
                                new StreamSources(host.live(), events, () -> Single.just(figures())),
                                ByteBudget.unlimited())),
                WebFace.at(
                        ApiRoute.ROOT,
                        loop -> new ApiRoute(
                                loop,
                                new ApiSources(
                                        host.live(),
                                        new ApiSources.LedgerFiles(
                                                ledger, LedgerOptions.publicKeyFileFor(ledger), () -> signed),
                                        events,
                                        () -> Single.just(findings())))),
                new WebFace(new PagePaths(), Audience.EVERYONE, PageRoute::new));
        HttpOptions options = new HttpOptions(
                "127.0.0.1", port, Optional.empty(), Optional.empty(), Optional.empty(), Set.of(), Optional.empty());
        vertx.rxDeployVerticle(new HttpVerticle(options, faces, ByteBudget.unlimited()))
                .ignoreElement()
                .blockingAwait();
    }

    /** Serves this host, with the ledger of {@link DemoLedger}. */
    static PageServer of(SyntheticHost host) {
        Path ledger = DemoLedger.write(newFolder(), host.name());
        try (FileLedger written = FileLedger.open(LedgerOptions.of(ledger, host.name()))) {
            return new PageServer(host, ledger, Optional.of(written.signed()));
        }
    }

    private Disposable listen(Consumer<String> line) {
        Context loop = vertx.getDelegate().getOrCreateContext();
        Consumer<String> listener = text -> loop.runOnContext(now -> line.accept(text));
        listeners.add(listener);
        return Disposable.fromAction(() -> listeners.remove(listener));
    }

    /** Tells an event, once there is a page that listens. */
    void tell(JsonObject event) {
        listeners.forEach(listener -> listener.accept(event.encode()));
    }

    private static JsonObject figures() {
        return new JsonObject()
                .put("time", DemoNetwork.NOW.toString())
                .put("facts", 4_711)
                .put("enrolled", 391)
                .put("refused", 12)
                .put(
                        "enrolmentMs",
                        new JsonObject().put("count", 391).put("total", 3_519).put("max", 31))
                .put("queues", new JsonObject().put("ledger", 0))
                .put(
                        "heapBytes",
                        new JsonObject()
                                .put("used", 30 << 20)
                                .put("committed", 48 << 20)
                                .put("max", 96 << 20));
    }

    private static JsonArray findings() {
        return new JsonArray();
    }

    /** In a folder that ends with the laboratory. */
    private static Path newFolder() {
        try {
            return Files.createTempDirectory("op-dbus-page").resolve("ledger");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int freePort() {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    String origin() {
        return "http://127.0.0.1:" + port;
    }

    /** Opens a view, and waits until it shows the host. */
    void open(Browser browser, String view) {
        browser.open(origin() + "/#/" + view);
        browser.await("document.body.dataset.connection === 'live' && opdbus.store.state.model.version > 0");
        browser.await("document.body.dataset.currentView === arguments[0]", view.split("/", 2)[0]);
    }

    @Override
    public void close() {
        vertx.rxClose().blockingAwait();
    }
}
