// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.Address;
import org.opdbus.events.AgentEvent.AgentStarted;
import org.opdbus.events.AgentEvent.AgentStopping;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.testing.BusWatcher;

class BusTest {
    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void events_of_one_publisher_keep_their_order_and_none_is_lost() {
        try (BusWatcher watcher = new BusWatcher(bus)) {
            IntStream.range(0, 10_000).forEach(i -> bus.publish(new AgentStarted("host-" + i, "1", "boot")));

            watcher.expect(AgentStarted.class, event -> event.host().equals("host-9999"));
            List<String> hosts = watcher.seen(AgentStarted.class).stream()
                    .map(AgentStarted::host)
                    .toList();
            assertThat(hosts)
                    .isEqualTo(IntStream.range(0, 10_000)
                            .mapToObj(i -> "host-" + i)
                            .toList());
        }
    }

    @Test
    void a_subscriber_hears_only_its_own_kind() {
        try (BusWatcher watcher = new BusWatcher(bus)) {
            List<AgentStopping> heard = new CopyOnWriteArrayList<>();
            bus.subscribe(Address.AGENT_STOPPING, heard::add);

            bus.publish(new AgentStarted("a", "1", "boot"));
            bus.publish(new AgentStopping("a", "told to"));
            bus.publish(new AgentStarted("b", "1", "boot"));

            watcher.expect(AgentStarted.class, event -> event.host().equals("b"));
            eventually(() -> assertThat(heard).containsExactly(new AgentStopping("a", "told to")));
        }
    }

    @Test
    void subscribers_on_one_event_loop_get_every_fact_even_if_one_of_them_throws() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        onOneContext(() -> {
            Vertx.currentContext().exceptionHandler(reported::add);
            bus.subscribeAll(event -> heard.add("first " + event.kind()));
            bus.subscribeAll(event -> {
                throw new IllegalStateException("a bug");
            });
            bus.subscribeAll(event -> heard.add("third " + event.kind()));
        });

        bus.publish(new AgentStopping("a", "told to"));

        eventually(() -> assertThat(heard).containsExactly("first agent.stopping", "third agent.stopping"));
        assertThat(reported).singleElement().isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_subscription_that_is_disposed_of_leaves_the_others_on_its_event_loop() throws Exception {
        List<String> heard = new CopyOnWriteArrayList<>();
        List<Disposable> first = new CopyOnWriteArrayList<>();
        onOneContext(() -> {
            first.add(bus.subscribeAll(event -> heard.add("first")));
            bus.subscribeAll(event -> heard.add("second"));
        });

        first.get(0).dispose();
        bus.publish(new AgentStopping("a", "told to"));

        eventually(() -> assertThat(heard).containsExactly("second"));
    }

    private void onOneContext(Runnable work) throws Exception {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        vertx.getOrCreateContext().runOnContext(now -> {
            work.run();
            done.complete(true);
        });
        done.get(1, TimeUnit.MINUTES);
    }

    private record RenameStep(ContainerId container, String to) implements ContainerStep {}

    private static final RenameStep STEP = new RenameStep(new ContainerId("100"), "vi100");

    @Test
    void a_step_goes_to_the_handler_of_its_type_and_is_answered() {
        List<RenameStep> carriedOut = new CopyOnWriteArrayList<>();
        bus.handle(RenameStep.class, step -> Completable.fromAction(() -> carriedOut.add(step)));

        bus.send(STEP).blockingAwait();

        assertThat(carriedOut).containsExactly(STEP);
    }

    @Test
    void the_sender_of_a_step_gets_the_failure_of_its_handler() {
        IllegalStateException failure = new IllegalStateException("the link is gone");
        bus.handle(RenameStep.class, step -> Completable.error(failure));

        assertThatThrownBy(() -> bus.send(STEP).blockingAwait()).isSameAs(failure);
    }

    @Test
    void a_handler_that_throws_answers_with_what_it_threw() {
        IllegalStateException failure = new IllegalStateException("a bug");
        bus.handle(RenameStep.class, step -> {
            throw failure;
        });

        assertThatThrownBy(() -> bus.send(STEP).blockingAwait()).isSameAs(failure);
    }

    @Test
    void a_step_without_a_handler_fails_at_once() {
        assertThatThrownBy(() -> bus.send(STEP).blockingAwait())
                .isInstanceOf(UnansweredStepException.class)
                .hasMessageContaining("vi100");
    }

    @Test
    void a_step_whose_handler_has_been_disposed_of_fails_at_once() {
        bus.handle(RenameStep.class, step -> Completable.complete()).dispose();

        assertThatThrownBy(() -> bus.send(STEP).blockingAwait()).isInstanceOf(UnansweredStepException.class);
    }

    @Test
    void a_step_that_gets_no_answer_fails_when_its_time_is_up() {
        Vertx other = Vertx.vertx();
        try {
            Bus impatient = new Bus(other, 50);
            impatient.handle(RenameStep.class, step -> Completable.never());

            assertThatThrownBy(() -> impatient.send(STEP).blockingAwait())
                    .isInstanceOf(UnansweredStepException.class)
                    .hasMessageContaining("TIMEOUT");
        } finally {
            other.close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
