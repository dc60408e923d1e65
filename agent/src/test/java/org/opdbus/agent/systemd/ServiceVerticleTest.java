// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.CompletableEmitter;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.processors.PublishProcessor;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.inventory.ContainerNews;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.InventorySources;
import org.opdbus.verticles.inventory.InventoryVerticle;
import org.opdbus.verticles.inventory.LiveInventory;
import org.opdbus.verticles.inventory.WantedContainer;
import org.opdbus.verticles.testing.DatagramListener;

/** The verticle on a real bus, and a service manager's socket. */
class ServiceVerticleTest {
    private static final long PID = 4711;
    private static final Duration BEAT = Duration.ofMillis(20);

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final Context reconciler = vertx.getOrCreateContext();
    private final CountDownLatch unblocked = new CountDownLatch(1);
    private final PublishProcessor<List<ContainerNews>> news = PublishProcessor.create();
    private final LiveInventory inventory = new LiveInventory(HostFacts.atStart("here", "1", Instant.EPOCH));
    private String address;
    private DatagramListener manager;

    @BeforeEach
    void listen() throws IOException {
        address = folder.resolve("notify").toString();
        manager = DatagramListener.at(address);
    }

    @AfterEach
    void close() throws Exception {
        unblocked.countDown();
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        manager.close();
    }

    private ServiceVerticle start(Map<String, String> environment) throws Exception {
        InventoryVerticle writer = new InventoryVerticle(
                bus,
                inventory,
                new InventorySources(
                        news,
                        Completable.complete(),
                        id -> WantedContainer.UNNAMED,
                        Flowable.never(),
                        () -> Single.just(Map.of()),
                        Flowable.never(),
                        Flowable.never()));
        vertx.deployVerticle(writer).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        ServiceVerticle service = new ServiceVerticle(
                ServiceManager.of(environment, PID).orElseThrow(), inventory, Completable.create(this::turn));
        vertx.deployVerticle(service).toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        return service;
    }

    /** As the reconciler answers: on its own context. */
    private void turn(CompletableEmitter asker) {
        reconciler.runOnContext(nothing -> asker.onComplete());
    }

    private void look(ContainerStatus... containers) {
        news.onNext(Arrays.stream(containers)
                .map(status -> new ContainerNews(status.id(), Optional.of(status)))
                .toList());
    }

    private Map<String, String> watched() {
        long micros = TimeUnit.NANOSECONDS.toMicros(BEAT.multipliedBy(2).toNanos());
        return Map.of("NOTIFY_SOCKET", address, "WATCHDOG_USEC", Long.toString(micros), "WATCHDOG_PID", "4711");
    }

    private void list(Source source) {
        bus.publish(new SourceListed(source, 1));
    }

    @Test
    void ready_is_said_when_all_sources_have_listed_and_signals_can_be_taken() throws Exception {
        ServiceVerticle service = start(Map.of("NOTIFY_SOCKET", address));
        list(Source.NETLINK);
        list(Source.OVSDB);
        assertThat(manager.await("STATUS=")).endsWith("; not heard: LXC");
        list(Source.LXC);
        assertThat(manager.await("STATUS=")).endsWith("ports: 0");
        service.begun();
        manager.await("READY=1");
    }

    @Test
    void an_absent_open_vswitch_does_not_hold_readiness_up() throws Exception {
        ServiceVerticle service = start(Map.of("NOTIFY_SOCKET", address));
        service.begun();
        list(Source.NETLINK);
        list(Source.LXC);
        assertThat(manager.await(said -> !said.equals("READY=1"))).endsWith("; not heard: Open vSwitch");
        bus.publish(new SourceLost(Source.OVSDB, "no such file"));
        manager.await("READY=1");
    }

    @Test
    void an_engine_that_not_every_host_has_is_named_only_once_it_is_lost() throws Exception {
        ServiceVerticle service = start(Map.of("NOTIFY_SOCKET", address));
        service.begun();
        list(Source.NETLINK);
        list(Source.OVSDB);
        list(Source.LXC);
        manager.await("READY=1");
        list(Source.DOCKER);
        bus.publish(new SourceLost(Source.DOCKER, "the socket was closed"));
        assertThat(manager.await(said -> said.contains("not heard"))).endsWith("; not heard: Docker");
    }

    @Test
    void the_status_line_counts_and_is_said_again_only_when_it_has_changed() throws Exception {
        start(Map.of("NOTIFY_SOCKET", address));
        look(
                container("100", ContainerPhase.ENROLLED, 1),
                container("101", ContainerPhase.REFUSED, 0),
                container("102", ContainerPhase.STOPPED, 0));
        for (Source source : Source.values()) {
            list(source);
        }
        assertThat(manager.await("STATUS=")).isEqualTo("STATUS=Containers: 2 running, 1 enrolled, 1 refused; ports: 1");

        list(Source.LXC);
        assertThat(manager.next(Duration.ofMillis(2_500))).isEmpty();

        look(container("100", ContainerPhase.STOPPED, 0), container("101", ContainerPhase.STOPPED, 0));
        assertThat(manager.await("STATUS=")).isEqualTo("STATUS=Containers: 0 running, 0 enrolled, 0 refused; ports: 0");
    }

    @Test
    void what_changes_without_a_fact_is_in_the_status_line_too() throws Exception {
        start(Map.of("NOTIFY_SOCKET", address));
        for (Source source : Source.values()) {
            list(source);
        }
        manager.await("STATUS=Containers: 0 running, 0 enrolled, 0 refused; ports: 0");
        look(container("100", ContainerPhase.ENROLLED, 1));
        manager.await("STATUS=Containers: 1 running, 1 enrolled, 0 refused; ports: 1");
    }

    private static ContainerStatus container(String id, ContainerPhase standing, int ofport) {
        LinkStatus link = new LinkStatus(7, "vi" + id, List.of(), Optional.of("vmbr0"), Optional.empty(), ofport);
        return new ContainerStatus(
                new ContainerId(id),
                Optional.empty(),
                standing != ContainerPhase.STOPPED,
                standing,
                "",
                "",
                List.of(link));
    }

    @Test
    void a_reload_is_announced_with_the_time_and_ends_with_ready() throws Exception {
        ServiceVerticle service = start(Map.of("NOTIFY_SOCKET", address));
        service.begun();
        for (Source source : Source.values()) {
            list(source);
        }
        manager.await("READY=1");

        long before = TimeUnit.NANOSECONDS.toMicros(System.nanoTime());
        service.reloading();
        String[] said = manager.await("RELOADING=1").split("\n", -1);
        long after = TimeUnit.NANOSECONDS.toMicros(System.nanoTime());
        assertThat(said[1]).startsWith("MONOTONIC_USEC=");
        assertThat(Long.parseLong(said[1].substring("MONOTONIC_USEC=".length())))
                .isBetween(before, after);

        service.reloaded();
        manager.await("READY=1");
    }

    @Test
    void a_reload_before_the_agent_is_ready_announces_nothing() throws Exception {
        ServiceVerticle service = start(Map.of("NOTIFY_SOCKET", address));
        service.reloading();
        service.reloaded();
        service.begun();
        for (Source source : Source.values()) {
            list(source);
        }
        assertThat(manager.await(said -> !said.startsWith("STATUS="))).isEqualTo("READY=1");
    }

    @Test
    void a_blocked_event_loop_gives_no_sign_of_life_until_it_goes_on() throws Exception {
        start(watched());
        manager.await("WATCHDOG=1");
        manager.await("WATCHDOG=1");

        CountDownLatch blocked = new CountDownLatch(1);
        reconciler.runOnContext(nothing -> {
            blocked.countDown();
            try {
                unblocked.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        blocked.await();
        // An answer from before the block may still be on its way.
        List<String> late = new ArrayList<>();
        while (late.size() < 100) {
            Optional<String> said = manager.next(BEAT.multipliedBy(25));
            if (said.isEmpty()) {
                break;
            }
            late.add(said.get());
        }
        assertThat(late).hasSizeLessThan(5);

        unblocked.countDown();
        manager.await("WATCHDOG=1");
    }

    @Test
    void a_watchdog_that_was_meant_for_another_process_is_not_fed() {
        Map<String, String> others = Map.of("NOTIFY_SOCKET", address, "WATCHDOG_USEC", "40000", "WATCHDOG_PID", "1");
        assertThat(ServiceManager.of(others, PID).orElseThrow().watchdog()).isEmpty();
        assertThat(ServiceManager.of(watched(), PID).orElseThrow().watchdog()).contains(BEAT.multipliedBy(2));
    }

    @Test
    void without_a_service_manager_nothing_is_sent() {
        assertThat(ServiceManager.of(Map.of("WATCHDOG_USEC", "40000"), PID)).isEmpty();
        assertThat(ServiceManager.of(Map.of("NOTIFY_SOCKET", "vsock:2:1234"), PID))
                .isEmpty();
    }

    @Test
    void stopping_is_said_at_once() throws Exception {
        ServiceVerticle service = start(watched());
        manager.await("WATCHDOG=1");
        service.stopping();
        manager.await("STOPPING=1");
    }
}
