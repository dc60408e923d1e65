// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.ContainerEvent.ContainerDefined;
import org.opdbus.events.ContainerEvent.ContainerRemoved;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.edges.ContainerCheck.Presence;
import org.opdbus.verticles.testing.BusWatcher;
import org.opdbus.verticles.testing.PrivateDocker;
import org.opdbus.verticles.testing.PrivateEngine;
import org.opdbus.verticles.testing.PrivatePodman;

/** Real engines, without help from a listing that comes by itself. */
class EngineVerticleIT {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final List<String> NOTHING = List.of();

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final BusWatcher events = new BusWatcher(bus);

    @AfterEach
    void close() {
        events.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void dockers_containers_are_heard() {
        try (PrivateDocker docker = new PrivateDocker()) {
            hears(docker, Kind.DOCKER);
        }
    }

    @Test
    void podmans_containers_are_heard() {
        try (PrivatePodman podman = new PrivatePodman()) {
            hears(podman, Kind.PODMAN);
        }
    }

    private void hears(PrivateEngine engine, Kind kind) {
        engine.start();
        String before = engine.run("before", List.of("--label", "opdbus.bridge=br0", "--label", "opdbus.vlan=5000"));
        engine.create("idle", NOTHING);
        EngineVerticle source = watch(engine, kind);
        SourceListed listed = events.expect(SourceListed.class, event -> event.source() == Source.of(kind));
        assertThat(listed.count()).isEqualTo(2);
        ContainerStarted first = started(id(kind, before));
        assertThat(first.initPid()).isEqualTo(engine.initPid("before"));
        EngineContainer known = (EngineContainer) first.container();
        assertThat(known.name()).isEqualTo("before");
        assertThat(known.network()).isEqualTo("none");
        assertThat(known.image()).contains("busybox");
        assertThat(known.asked().bridge()).contains("br0");
        assertThat(known.asked().vlan()).isEmpty();
        assertThat(known.asked().faults()).containsExactly("opdbus.vlan must be 1 to 4094, is \"5000\"");

        ContainerId id = id(kind, engine.run("one", List.of("--label", "opdbus.bridge=br0")));
        assertThat(started(id).initPid()).isEqualTo(engine.initPid("one"));
        assertThat(presence(source, id)).isEqualTo(Presence.RUNNING);
        engine.run("pause", "one");
        engine.run("unpause", "one");
        engine.run("rename", "one", "uno");
        events.expect(
                ContainerDefined.class,
                event -> event.container().id().equals(id)
                        && event.container().name().equals("uno"));
        engine.run("restart", "-t", "0", "uno");
        long second = engine.initPid("uno");
        events.expect(ContainerStarted.class, event -> event.container().id().equals(id) && event.initPid() == second);
        engine.run("kill", "uno");
        eventually(() -> assertThat(story(id)).endsWith("Stopped"));
        assertThat(presence(source, id)).isEqualTo(Presence.GONE);
        engine.remove(List.of("uno"));
        events.expect(ContainerRemoved.class, event -> event.container().id().equals(id));
        assertThat(presence(source, id)).isEqualTo(Presence.GONE);
        assertThat(story(id))
                .filteredOn(kindOfEvent -> !kindOfEvent.equals("Defined"))
                .containsExactly("Started", "Stopped", "Started", "Stopped", "Removed");
        assertThat(events.seen(SourceLost.class)).isEmpty();
    }

    @Test
    void many_that_start_at_once_are_all_heard() {
        try (PrivateDocker docker = new PrivateDocker()) {
            docker.start();
            watch(docker, Kind.DOCKER);
            events.expect(SourceListed.class, event -> true);
            List<String> names = IntStream.range(0, 20).mapToObj(i -> "c" + i).toList();
            docker.runAll(names, NOTHING);
            eventually(() -> assertThat(events.seen(ContainerStarted.class))
                    .extracting(event -> event.container().name())
                    .containsExactlyInAnyOrderElementsOf(names));
            docker.remove(names);
            eventually(() -> assertThat(events.seen(ContainerRemoved.class)).hasSize(20));
            assertThat(events.seen(ContainerStopped.class)).hasSize(20);
        }
    }

    @Test
    void containers_that_outlive_their_engine_have_not_stopped() {
        try (PrivateDocker docker = new PrivateDocker().liveRestore(true)) {
            docker.start();
            ContainerId stays = id(Kind.DOCKER, docker.run("stays", NOTHING));
            watch(docker, Kind.DOCKER);
            started(stays);
            for (int round = 1; round <= 2; round++) {
                int losses = round;
                if (round == 1) {
                    docker.stop();
                } else {
                    docker.kill();
                }
                eventually(() -> assertThat(events.seen(SourceLost.class)).hasSize(losses));
                docker.start();
                eventually(() -> assertThat(events.seen(SourceListed.class)).hasSize(losses + 1));
            }
            assertThat(story(stays)).containsExactly("Defined", "Started");

            docker.liveRestore(false).stop();
            eventually(() -> assertThat(events.seen(SourceLost.class)).hasSize(3));
            docker.start();
            events.expect(
                    ContainerStopped.class, event -> event.container().id().equals(stays));
            eventually(() -> assertThat(events.seen(SourceListed.class)).hasSize(4));
        }
    }

    @Test
    void an_engine_that_comes_later_is_found_at_once_and_one_that_never_was_is_not_spoken_of() {
        try (PrivateDocker docker = new PrivateDocker()) {
            EngineVerticle source = watch(docker, Kind.DOCKER);
            assertThat(presence(source, new ContainerId("docker:0123456789ab"))).isEqualTo(Presence.UNKNOWN);
            assertThat(events.seen()).isEmpty();
            docker.start();
            events.expect(SourceListed.class, event -> event.count() == 0);
        }
    }

    private EngineVerticle watch(PrivateEngine engine, Kind kind) {
        EngineOptions usual = EngineOptions.of(kind, engine.socket());
        EngineVerticle source = new EngineVerticle(
                bus,
                new EngineOptions(
                        kind, engine.socket(), usual.connectLimit(), usual.answerLimit(), usual.retry(), NEVER));
        vertx.deployVerticle(source).toCompletionStage().toCompletableFuture().join();
        return source;
    }

    private ContainerStarted started(ContainerId id) {
        return events.expect(
                ContainerStarted.class, event -> event.container().id().equals(id));
    }

    private static Presence presence(EngineVerticle source, ContainerId id) {
        return new EnginePresence(source).presence(id).blockingGet();
    }

    private static ContainerId id(Kind kind, String engineId) {
        return kind.id(engineId.substring(0, 12));
    }

    private List<String> story(ContainerId id) {
        return events.seen(ContainerEvent.class).stream()
                .filter(event -> event.container().id().equals(id))
                .map(event -> event.getClass().getSimpleName().substring("Container".length()))
                .toList();
    }
}
