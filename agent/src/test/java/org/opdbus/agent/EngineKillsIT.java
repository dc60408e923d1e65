// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.agent.WorkloadHost.Guest;

/**
 * The agent is killed between any two of its steps for a container of an engine, and at random moments; its next run completes what
 * it finds. {@code -Dseed=} replays the moments, {@code -Dkills=} makes them more.
 */
@TestInstance(Lifecycle.PER_CLASS)
class EngineKillsIT {
    private static final int KILLS = 2;
    private static final int FIRST_KILL_MS = 200;
    private static final int LAST_KILL_MS = 1_500;

    private final WorkloadHost scene = new WorkloadHost();
    private int guests;

    @BeforeAll
    void start() {
        scene.docker.start();
        scene.podman.start();
        scene.host.ovs.start();
        scene.host.ovs.addBridge(TestHost.BRIDGE);
    }

    @AfterAll
    void close() {
        scene.close();
    }

    @AfterEach
    void end() {
        scene.host.agent.kill();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"before make", "after make", "before attach", "after attach", "before stamp", "after stamp"})
    void an_enrolment_is_finished_by_the_next_run(String boundary) {
        Guest guest = scene.inDocker("between-" + ++guests, 42, "10.42.0." + guests);
        scene.host.agent.startThatHalts(boundary);
        scene.run(List.of(guest), List.of());
        scene.host.agent.awaitEnd();
        scene.host.agent.start();
        scene.awaitEnrolled(guest);
        assertThat(scene.docker.exec(guest.name(), "ip", "-o", "link", "show", "eth0"))
                .contains(",UP");
        eventually(() ->
                assertThat(LedgerStory.of(scene.host.agent).isToldOnce().open()).hasSize(1));
        scene.docker.remove(List.of(guest.name()));
        scene.awaitNothing();
    }

    @ParameterizedTest
    @ValueSource(strings = {"after remove"})
    void a_removal_is_finished_by_the_next_run(String boundary) {
        Guest guest = scene.inDocker("removed-" + ++guests, 42, "10.42.0." + guests);
        scene.host.agent.startTrapped();
        scene.run(List.of(guest), List.of());
        scene.awaitEnrolled(guest);
        scene.host.agent.trap(boundary, "halt");
        scene.docker.remove(List.of(guest.name()));
        scene.host.agent.awaitEnd();
        scene.host.agent.start();
        scene.awaitNothing();
    }

    @Test
    void an_agent_that_is_killed_at_any_moment_finishes_what_it_finds() throws InterruptedException {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("EngineKillsIT -Dseed=" + seed);
        Random chance = new Random(seed);
        scene.host.agent.start();
        for (int n = 0; n < Integer.getInteger("kills", KILLS); n++) {
            List<Guest> guests = List.of(
                    scene.inDocker("d1", 43, "10.43.0.1"),
                    scene.inDocker("d2", 43, "10.43.0.2"),
                    scene.inPodman("p1", 43, "10.43.0.3"));
            Runnable kill = () -> {
                try {
                    TimeUnit.MILLISECONDS.sleep(chance.nextInt(FIRST_KILL_MS, LAST_KILL_MS));
                } catch (InterruptedException e) {
                    throw new AssertionError("interrupted", e);
                }
                scene.host.agent.kill();
            };
            scene.run(guests, List.of(kill));
            if (chance.nextBoolean()) {
                scene.docker.run("kill", "d2");
                scene.docker.run("start", "d2");
            }
            scene.host.agent.start();
            guests.forEach(scene::awaitEnrolled);
            guests.get(0).pings(guests.get(2));
            guests.get(1).pings(guests.get(0));
            LedgerStory.of(scene.host.agent).isToldOnce();
            scene.docker.remove(List.of("d1", "d2"));
            scene.podman.remove(List.of("p1"));
            scene.awaitNothing();
        }
    }
}
