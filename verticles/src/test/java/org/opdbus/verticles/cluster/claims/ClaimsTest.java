// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.claims;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ClusterEvent.ContainerClaimedTwice;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Workload.LxcContainer;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.Wire;

/** Two hosts that ask each other, with real running processes as inits. */
class ClaimsTest {
    private final List<Process> inits = new ArrayList<>();
    private final Set<String> behind = new TreeSet<>();
    private final Host a = new Host("a");
    private final Host b = new Host("b");
    private long clock;

    @AfterEach
    void end() {
        inits.forEach(Process::destroyForcibly);
    }

    @Test
    void a_container_that_runs_on_both_is_reported_once_by_both() throws IOException {
        a.starts("100");
        b.starts("100");
        a.hears(b, "container.started", "100");
        converse(5);
        a.hears(b, "container.started", "100");
        b.hears(a, "container.started", "100");
        converse(5);
        assertThat(a.facts).singleElement().satisfies(fact -> {
            assertThat(fact.container().value()).isEqualTo("100");
            assertThat(fact.other()).isEqualTo("b");
            assertThat(Instant.parse(fact.otherSince())).isBeforeOrEqualTo(Instant.now());
        });
        assertThat(b.facts)
                .singleElement()
                .satisfies(fact -> assertThat(fact.other()).isEqualTo("a"));
    }

    @Test
    void a_container_that_moved_is_not_reported_in_any_order_of_messages() throws IOException {
        Process there = a.starts("100");
        a.stops("100", there);
        b.starts("100");
        b.hears(a, "container.started", "100");
        a.hears(b, "container.started", "100");
        converse(5);
        assertThat(a.facts).isEmpty();
        assertThat(b.facts).isEmpty();
    }

    @Test
    void an_init_that_has_ended_counts_for_nothing_though_its_stop_was_not_heard_yet() throws IOException {
        Process there = a.starts("100");
        a.claims.answer(new Message.AskClaim("b", 1, List.of("100")));
        ended(there);
        b.starts("100");
        b.hears(a, "container.started", "100");
        converse(5);
        assertThat(a.facts).isEmpty();
        assertThat(b.facts).isEmpty();
    }

    @Test
    void nothing_is_reported_while_one_has_not_received_all_of_the_other() throws IOException {
        a.starts("100");
        b.starts("100");
        behind.add("b");
        a.hears(b, "container.started", "100");
        converse(10);
        assertThat(a.facts).isEmpty();
        assertThat(b.facts).isEmpty();
        behind.clear();
        converse(10);
        assertThat(a.facts).hasSize(1);
        assertThat(b.facts).hasSize(1);
    }

    @Test
    void after_one_of_both_has_stopped_it_is_reported_again() throws IOException {
        Process first = a.starts("100");
        b.starts("100");
        a.hears(b, "container.started", "100");
        converse(5);
        a.stops("100", first);
        b.hears(a, "container.stopped", "100");
        converse(5);
        a.starts("100");
        b.hears(a, "container.started", "100");
        converse(5);
        assertThat(a.facts).hasSize(2);
        assertThat(b.facts).hasSize(2);
    }

    @Test
    void hosts_that_meet_ask_for_all_that_they_run_in_several_questions() throws IOException {
        Process one = Host.init(inits);
        for (int i = 0; i < 2 * Claims.IDS_AT_ONCE + 10; i++) {
            a.running.hear(new ContainerStarted(Host.container("a" + i), one.pid()));
            b.running.hear(new ContainerStarted(Host.container("b" + i), one.pid()));
        }
        a.starts("z");
        b.starts("z");
        a.claims.up("b");
        converse(10);
        assertThat(a.facts)
                .singleElement()
                .satisfies(fact -> assertThat(fact.container().value()).isEqualTo("z"));
        assertThat(b.facts).hasSize(1);
        clock += 100_000;
        assertThat(a.claims.turn(clock)).isEmpty();
    }

    @Test
    void an_answer_to_another_question_is_none() throws IOException {
        a.starts("100");
        a.hears(b, "container.started", "100");
        Message.AskClaim ask =
                Optional.ofNullable(a.claims.turn(clock).get("b")).orElseThrow();
        Map<String, Instant> running = Map.of("100", Instant.now());
        assertThat(a.claims.claim(new Message.Claim("b", ask.question() - 1, true, running), clock))
                .isEmpty();
        assertThat(a.claims.claim(new Message.Claim("b", ask.question() + 1, true, running), clock))
                .isEmpty();
        assertThat(a.claims.claim(new Message.Claim("b", ask.question(), true, running), clock))
                .hasSize(1);
        assertThat(a.claims.claim(new Message.Claim("b", ask.question(), true, running), clock))
                .isEmpty();
    }

    @Test
    void who_does_not_answer_is_asked_less_and_less_often() throws IOException {
        a.starts("100");
        a.hears(b, "container.started", "100");
        int asked = 0;
        for (int second = 0; second < 600; second++) {
            asked += a.claims.turn(clock).size();
            clock += 1_000;
        }
        assertThat(asked).isBetween(5, 20);
    }

    private void converse(int rounds) {
        for (int i = 0; i < rounds; i++) {
            a.speaksTo(b);
            b.speaksTo(a);
            clock += 2_000;
        }
    }

    private static void ended(Process process) {
        process.destroyForcibly().onExit().join();
    }

    private final class Host {
        private final String name;
        private final Running running = new Running();
        private final Claims claims;
        private final List<ContainerClaimedTwice> facts = new ArrayList<>();

        private Host(String name) {
            this.name = name;
            claims = new Claims(name, running, host -> !behind.contains(name));
        }

        private static Process init(List<Process> all) throws IOException {
            Process made = new ProcessBuilder("sleep", "600").start();
            all.add(made);
            return made;
        }

        private static LxcContainer container(String id) {
            return new LxcContainer(new ContainerId(id), "/var/lib/lxc");
        }

        private Process starts(String id) throws IOException {
            Process made = init(inits);
            running.hear(new ContainerStarted(container(id), made.pid()));
            return made;
        }

        private void stops(String id, Process init) {
            ended(init);
            running.hear(new ContainerStopped(container(id), "its init has exited"));
        }

        private void hears(Host from, String kind, String id) {
            claims.told(from.name, kind, id);
        }

        private void speaksTo(Host other) {
            Map<String, Message.AskClaim> asks = claims.turn(clock);
            Optional.ofNullable(asks.get(other.name)).ifPresent(ask -> {
                Message.AskClaim heard =
                        (Message.AskClaim) Wire.read(Wire.write(ask, "pve2")).orElseThrow();
                Message answer = Wire.read(Wire.write(other.claims.answer(heard), "pve2"))
                        .orElseThrow();
                facts.addAll(claims.claim((Message.Claim) answer, clock));
            });
        }
    }
}
