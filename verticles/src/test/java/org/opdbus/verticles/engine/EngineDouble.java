// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** An engine's API that answers rightly unless a test says otherwise. It has an event loop of its own. Safe for use by any thread. */
final class EngineDouble implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final Path socket;
    private final Map<String, JsonObject> containers = new ConcurrentSkipListMap<>();
    private final Map<Predicate<String>, Consumer<HttpServerRequest>> troubles = new ConcurrentHashMap<>();
    private final Queue<HttpServerResponse> subscribers = new ConcurrentLinkedQueue<>();
    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final HttpServer server;

    EngineDouble(Path socket) {
        this.socket = socket;
        server = vertx.createHttpServer().requestHandler(this::answer);
        server.listen(SocketAddress.domainSocketAddress(socket.toString()))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** The engine's id of the container with this number. */
    static String id(int number) {
        return String.format(Locale.ROOT, "%012x", number) + "0".repeat(52);
    }

    /** The part of it that identifies the container in the agent. */
    static String shortId(int number) {
        return id(number).substring(0, 12);
    }

    /** The engine has this container from now on, without a word; it runs if the process id is not 0. */
    EngineDouble has(int number, long pid) {
        containers.put(id(number), container(number, pid));
        return this;
    }

    EngineDouble hasNot(int number) {
        containers.remove(id(number));
        return this;
    }

    /** Requests whose path contains this are answered so, until {@link #heal}. */
    EngineDouble trouble(String path, Consumer<HttpServerRequest> answer) {
        troubles.put(asked -> asked.contains(path), answer);
        return this;
    }

    void heal() {
        troubles.clear();
    }

    /** Says this to all that have subscribed. */
    void say(Buffer text) {
        subscribers.forEach(each -> each.write(text));
    }

    /** An event about the container with this number, as Docker says it. */
    void say(String action, int number) {
        say(event(action, number, Instant.now()));
    }

    static Buffer event(String action, int number, Instant at) {
        return new JsonObject()
                .put("Type", "container")
                .put("Action", action)
                .put(
                        "Actor",
                        new JsonObject()
                                .put("ID", id(number))
                                .put(
                                        "Attributes",
                                        new JsonObject()
                                                .put("name", "c" + number)
                                                .put("image", "busybox")))
                .put("timeNano", at.getEpochSecond() * 1_000_000_000L + at.getNano())
                .toBuffer()
                .appendString("\n");
    }

    /** Closes the streams of events. */
    void endStreams() {
        subscribers.forEach(each -> each.reset());
        subscribers.clear();
    }

    int subscribers() {
        return subscribers.size();
    }

    List<String> asked() {
        return List.copyOf(asked);
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void answer(HttpServerRequest request) {
        String path = request.uri();
        asked.add(path);
        for (Map.Entry<Predicate<String>, Consumer<HttpServerRequest>> trouble : troubles.entrySet()) {
            if (trouble.getKey().test(path)) {
                trouble.getValue().accept(request);
                return;
            }
        }
        if (path.equals("/version")) {
            json(request, "{\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.12\"}");
        } else if (path.startsWith("/v1.41/events?since=")) {
            HttpServerResponse stream = request.response().setChunked(true);
            stream.exceptionHandler(gone -> subscribers.remove(stream));
            stream.writeHead();
            subscribers.add(stream);
        } else if (path.equals("/v1.41/containers/json?all=1")) {
            JsonArray list = new JsonArray();
            containers.values().forEach(each -> list.add(listed(each)));
            json(request, list.encode());
        } else {
            String wanted = path.replace("/v1.41/containers/", "").replace("/json", "");
            containers.entrySet().stream()
                    .filter(each -> each.getKey().startsWith(wanted))
                    .findFirst()
                    .ifPresentOrElse(
                            found -> json(request, found.getValue().encode()),
                            () -> request.response().setStatusCode(404).end("{\"message\":\"No such container: x\"}"));
        }
    }

    static void json(HttpServerRequest request, String text) {
        request.response().putHeader("Content-Type", "application/json").end(text);
    }

    private static JsonObject container(int number, long pid) {
        return new JsonObject()
                .put("Id", id(number))
                .put("Name", "/c" + number)
                .put(
                        "State",
                        new JsonObject()
                                .put("Running", pid > 0)
                                .put("Pid", pid)
                                .put("StartedAt", Instant.now().toString()))
                .put("HostConfig", new JsonObject().put("NetworkMode", "none"))
                .put(
                        "Config",
                        new JsonObject()
                                .put("Image", "busybox")
                                .put("Labels", new JsonObject().put("opdbus.bridge", "br0")));
    }

    private static JsonObject listed(JsonObject container) {
        boolean runs = container.getJsonObject("State").getBoolean("Running");
        return new JsonObject()
                .put("Id", container.getString("Id"))
                .put("Names", new JsonArray().add(container.getString("Name")))
                .put("Image", "busybox")
                .put("Labels", container.getJsonObject("Config").getJsonObject("Labels"))
                .put("HostConfig", container.getJsonObject("HostConfig"))
                .put("State", runs ? "running" : "exited");
    }

    /** Where it listens. */
    Path socket() {
        return socket;
    }
}
