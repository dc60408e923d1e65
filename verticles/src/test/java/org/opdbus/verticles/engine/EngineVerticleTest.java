// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.edges.ContainerCheck.Presence;
import org.opdbus.verticles.limits.Backoff;
import org.opdbus.verticles.testing.BusWatcher;

/** Engines that answer late, wrongly, without end or not at all. */
final class EngineVerticleTest {
    private static final Duration GENEROUS = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(300);
    /** What is not held up is answered within this also on a machine that has much else to do. */
    private static final Duration LONGER = Duration.ofSeconds(5);

    private static final Duration NEVER = Duration.ofHours(1);

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final BusWatcher events = new BusWatcher(bus);

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        events.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void an_engine_is_asked_in_a_version_that_both_know_and_events_come_before_the_list() {
        try (EngineDouble engine = engine().has(1, 11).has(2, 0)) {
            watch(engine, GENEROUS, NEVER);
            assertThat(listed(1).count()).isEqualTo(2);
            assertThat(story(1)).containsExactly("Defined", "Started");
            assertThat(story(2)).containsExactly("Defined");
            assertThat(engine.asked().get(0)).isEqualTo("/version");
            assertThat(engine.asked().get(1)).startsWith("/v1.41/events?since=");
            assertThat(engine.asked().get(2)).isEqualTo("/v1.41/containers/json?all=1");
            assertThat(engine.asked().subList(3, engine.asked().size()))
                    .containsExactly("/v1.41/containers/" + EngineDouble.id(1) + "/json");
        }
    }

    @Test
    void an_event_is_one_question_away_from_the_fact() {
        try (EngineDouble engine = engine().has(1, 0)) {
            watch(engine, GENEROUS, NEVER);
            listed(1);
            engine.has(1, 11).say("start", 1);
            eventually(() -> assertThat(story(1)).containsExactly("Defined", "Started"));
            engine.say("start", 1);
            engine.has(1, 0).say("die", 1);
            eventually(() -> assertThat(story(1)).containsExactly("Defined", "Started", "Stopped"));
            engine.hasNot(1).say("destroy", 1);
            eventually(() -> assertThat(story(1)).containsExactly("Defined", "Started", "Stopped", "Removed"));
        }
    }

    @Test
    void the_end_of_an_earlier_run_does_not_end_the_present_one() {
        try (EngineDouble engine = engine()) {
            watch(engine, GENEROUS, NEVER);
            listed(1);
            Instant earlier = Instant.now();
            engine.has(1, 11).say("start", 1);
            eventually(() -> assertThat(story(1)).containsExactly("Defined", "Started"));
            engine.say(EngineDouble.event("die", 1, earlier));
            engine.has(2, 12).say("start", 2);
            eventually(() -> assertThat(story(2)).containsExactly("Defined", "Started"));
            assertThat(story(1)).containsExactly("Defined", "Started");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/version", "/events", "/containers/json"})
    void whatever_is_wrong_ends_the_session_and_the_next_one_lists(String path) {
        List<Consumer<HttpServerRequest>> wrongs = List.of(
                request -> request.response().setStatusCode(500).end("no"),
                request -> EngineDouble.json(request, "no json\n"),
                request -> EngineDouble.json(request, "[[1]]\n"),
                request -> EngineDouble.json(request, "[{\"Id\":[]}]\n"),
                request -> EngineDouble.json(request, "{\"Type\":\"container\",\"Actor\":5}\n"),
                request -> EngineDouble.json(request, "[".repeat(20_000) + "\n"),
                request -> EngineDouble.json(request, "\"" + "x".repeat(17 << 20) + "\""),
                request -> request.response()
                        .setChunked(true)
                        .write("[")
                        .onComplete(sent -> request.connection().close()),
                request -> request.connection().close());
        try (EngineDouble engine = engine().has(1, 11)) {
            watch(engine, GENEROUS, NEVER);
            listed(1);
            int rounds = 0;
            for (Consumer<HttpServerRequest> wrong : wrongs) {
                int round = ++rounds;
                engine.trouble(path, wrong);
                engine.endStreams();
                eventually(() -> assertThat(events.seen(SourceLost.class)).hasSize(round));
                int before = engine.asked().size();
                eventually(() -> assertThat(engine.asked().size()).isGreaterThan(before));
                engine.heal();
                listed(round + 1);
            }
            assertThat(story(1)).containsExactly("Defined", "Started");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/version", "/events", "/containers/json"})
    void an_engine_that_does_not_answer_is_lost_and_comes_back(String path) {
        try (EngineDouble engine = engine().has(1, 11).trouble(path, request -> {})) {
            watch(engine, SHORT, NEVER);
            assertThat(events.expect(SourceLost.class, event -> true).reason()).contains("no answer to GET ");
            engine.heal();
            listed(1);
        }
    }

    @Test
    void an_answer_about_one_container_that_is_wrong_or_late_concerns_that_one_alone() {
        try (EngineDouble engine = engine().has(1, 11).has(2, 12).has(3, 13).has(4, 14)) {
            engine.trouble(
                    EngineDouble.shortId(1),
                    request -> request.response().setStatusCode(500).end("no"));
            engine.trouble(EngineDouble.shortId(2), request -> {});
            engine.trouble(
                    EngineDouble.shortId(3),
                    request -> request.response().setStatusCode(404).end("{\"message\":\"page not found\"}"));
            EngineVerticle source = watch(engine, LONGER, Duration.ofMillis(200));
            listed(1);
            assertThat(story(1)).containsExactly("Defined");
            assertThat(story(2)).containsExactly("Defined");
            assertThat(story(3)).containsExactly("Defined");
            assertThat(story(4)).containsExactly("Defined", "Started");
            for (int number = 1; number <= 3; number++) {
                assertThat(presence(source, number)).isEqualTo(Presence.UNKNOWN);
            }
            assertThat(presence(source, 4)).isEqualTo(Presence.RUNNING);
            assertThat(presence(source, 5)).isEqualTo(Presence.GONE);
            engine.heal();
            eventually(() -> assertThat(story(3)).containsExactly("Defined", "Started"));
            eventually(() -> assertThat(story(2)).containsExactly("Defined", "Started"));
            assertThat(events.seen(SourceLost.class)).isEmpty();
        }
    }

    @Test
    void what_was_missed_is_found_by_the_next_listing() {
        try (EngineDouble engine = engine().has(1, 11).has(2, 12)) {
            watch(engine, GENEROUS, Duration.ofMillis(100));
            listed(1);
            engine.has(1, 0).hasNot(2).has(3, 13);
            eventually(() -> assertThat(story(1)).containsExactly("Defined", "Started", "Stopped"));
            eventually(() -> assertThat(story(2)).containsExactly("Defined", "Started", "Stopped", "Removed"));
            eventually(() -> assertThat(story(3)).containsExactly("Defined", "Started"));
        }
    }

    @Test
    void silence_changes_nothing_and_the_next_session_tells_the_difference() {
        Path socket = folder.resolve("s");
        EngineDouble first = new EngineDouble(socket).has(1, 11).has(2, 12).has(3, 13);
        EngineVerticle source = watch(first, GENEROUS, NEVER);
        listed(1);
        first.close();
        events.expect(SourceLost.class, event -> true);
        assertThat(presence(source, 1)).isEqualTo(Presence.UNKNOWN);
        assertThat(story(1)).containsExactly("Defined", "Started");
        try (EngineDouble second = new EngineDouble(socket).has(1, 11).has(2, 22)) {
            listed(2);
            assertThat(second.asked()).isNotEmpty();
            assertThat(story(1)).containsExactly("Defined", "Started");
            assertThat(story(2)).containsExactly("Defined", "Started", "Stopped", "Started");
            assertThat(story(3)).containsExactly("Defined", "Started", "Stopped", "Removed");
        }
    }

    @Test
    void ten_thousand_events_in_a_second_hold_up_nothing() {
        try (EngineDouble engine = engine()) {
            for (int number = 0; number < 50; number++) {
                engine.has(number, 1000 + number);
            }
            watch(engine, GENEROUS, NEVER);
            listed(1);
            AtomicLong longestNs = new AtomicLong();
            long timer = beat(longestNs);
            Buffer flood = Buffer.buffer();
            for (int i = 0; i < 10_000; i++) {
                flood.appendBuffer(EngineDouble.event(i % 3 == 0 ? "start" : "exec_create: sh", i % 50, Instant.now()));
            }
            engine.say(flood);
            engine.has(77, 1077).say("start", 77);
            eventually(() -> assertThat(story(77)).containsExactly("Defined", "Started"));
            vertx.cancelTimer(timer);
            assertThat(longestNs.get()).isLessThan(Duration.ofSeconds(2).toNanos());
            assertThat(story(7)).containsExactly("Defined", "Started");
            assertThat(events.seen(SourceLost.class)).isEmpty();
        }
    }

    @Test
    void more_than_can_be_taken_ends_the_session_and_is_listed_anew() {
        List<Buffer> floods = List.of(
                starts(EngineLimits.QUESTIONS_MAX + 100),
                noise(EngineLimits.EVENTS_PER_SECOND_MAX + 100),
                Buffer.buffer("x".repeat(EngineLimits.EVENT_BYTES_MAX + 1)),
                creations(EngineLimits.CONTAINERS_MAX + 100));
        try (EngineDouble engine = engine().has(1, 11)) {
            watch(engine, GENEROUS, NEVER);
            listed(1);
            int rounds = 0;
            for (Buffer flood : floods) {
                int round = ++rounds;
                eventually(() -> assertThat(engine.subscribers()).isEqualTo(1));
                engine.say(flood);
                eventually(() -> assertThat(events.seen(SourceLost.class)).hasSize(round));
                listed(round + 1);
            }
            assertThat(story(1)).startsWith("Defined", "Started").doesNotContain("Stopped");
        }
    }

    @Test
    void a_socket_that_nobody_made_is_not_spoken_of_and_one_that_is_made_is_found() throws Exception {
        Path socket = folder.resolve("not").resolve("yet").resolve("s");
        EngineVerticle source = new EngineVerticle(bus, EngineOptions.of(Kind.PODMAN, socket));
        vertx.deployVerticle(source).toCompletionStage().toCompletableFuture().join();
        assertThat(new EnginePresence(source)
                        .presence(new ContainerId("podman:000000000001"))
                        .blockingGet())
                .isEqualTo(Presence.UNKNOWN);
        assertThat(events.seen()).isEmpty();
        Files.createDirectories(socket.resolveSibling(""));
        try (EngineDouble engine = new EngineDouble(socket).has(1, 11)) {
            events.expect(ContainerStarted.class, event -> event.subject().equals("podman:000000000001"));
            listed(1);
            assertThat(engine.asked()).isNotEmpty();
        }
    }

    private long beat(AtomicLong longestNs) {
        AtomicLong last = new AtomicLong(System.nanoTime());
        return vertx.setPeriodic(5, tick -> {
            long now = System.nanoTime();
            longestNs.accumulateAndGet(now - last.getAndSet(now), Math::max);
        });
    }

    private static Buffer starts(int count) {
        return flood("start", count);
    }

    private static Buffer creations(int count) {
        return flood("create", count);
    }

    private static Buffer flood(String action, int count) {
        Buffer flood = Buffer.buffer();
        for (int i = 0; i < count; i++) {
            flood.appendBuffer(EngineDouble.event(action, 1000 + i, Instant.now()));
        }
        return flood;
    }

    /** The shortest events there are, so that the limit of a second is reached. */
    private static Buffer noise(int count) {
        return Buffer.buffer("{}\n".repeat(count));
    }

    private EngineDouble engine() {
        return new EngineDouble(folder.resolve("s"));
    }

    private EngineVerticle watch(EngineDouble engine, Duration answerLimit, Duration relistPeriod) {
        EngineVerticle source = new EngineVerticle(
                bus,
                new EngineOptions(
                        Kind.DOCKER, engine.socket(), GENEROUS, answerLimit, new Backoff(20, 100), relistPeriod));
        vertx.deployVerticle(source).toCompletionStage().toCompletableFuture().join();
        return source;
    }

    private static Presence presence(EngineVerticle source, int number) {
        return new EnginePresence(source)
                .presence(Kind.DOCKER.id(EngineDouble.shortId(number)))
                .blockingGet();
    }

    private SourceListed listed(int times) {
        return eventually(() -> {
            List<SourceListed> listed = events.seen(SourceListed.class);
            assertThat(listed).hasSizeGreaterThanOrEqualTo(times);
            return listed.get(times - 1);
        });
    }

    private List<String> story(int number) {
        String subject = "docker:" + EngineDouble.shortId(number);
        return events.seen(ContainerEvent.class).stream()
                .filter(event -> event.subject().equals(subject))
                .map(event -> event.getClass().getSimpleName().substring("Container".length()))
                .toList();
    }
}
