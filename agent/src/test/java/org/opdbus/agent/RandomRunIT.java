// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.agent.Scene.linkExists;
import static org.opdbus.agent.Scene.sh;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.testing.LxcContainers.Definition;

/**
 * Starts, stops, kills and meddles at random, and after every step: no start has failed, every running container is
 * enrolled, no port of ours is stale, no stranger was touched, the ledger is intact.
 *
 * <p>{@code -Dseed=} replays a run, {@code -Dsteps=} makes it longer, {@code -Dminutes=} ends it after that time.
 */
class RandomRunIT {
    private static final List<String> IDS = List.of("100", "101", "102", "103");
    private static final String STRANGER = "stranger0";

    private final Scene scene = new Scene(Map.of());
    private final Set<String> running = new TreeSet<>();
    private final Map<String, Integer> told = new TreeMap<>();
    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private String last = "nothing";

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void whatever_happens_things_end_as_they_should_be() {
        int steps = Integer.getInteger("steps", 60);
        System.out.printf("random run: -Dseed=%d -Dsteps=%d%n", seed, steps);
        scene.start();
        sh("ip", "link", "add", STRANGER, "type", "veth", "peer", "name", "stranger1");
        scene.ovs.vsctl("add-port", Scene.BRIDGE, STRANGER, "--", "set", "Port", STRANGER, "tag=9");
        for (String id : IDS) {
            boolean attachedByLxc = Integer.parseInt(id) % 2 == 0;
            scene.lxc.create(
                    attachedByLxc ? Definition.of(id).link(Scene.BRIDGE).vlan(42) : Definition.of(id));
        }
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(Long.getLong("minutes", 24 * 60));
        int step = 0;
        for (; step < steps && System.nanoTime() < end; step++) {
            try {
                doSomething();
                check();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "step " + step + " (" + last + ") of -Dseed=" + seed + ": " + e.getMessage(), e);
            }
        }
        System.out.printf("random run: %d steps, done: %s%n", step, told);
    }

    private void doSomething() {
        String id = IDS.get(random.nextInt(IDS.size()));
        boolean runs = running.contains(id);
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> startOrStop(id, runs);
            case 4 ->
                act("kill init of " + id, runs, () -> {
                    sh("kill", "-KILL", String.valueOf(scene.lxc.initPid(id)));
                    eventually(() -> assertThat(scene.lxc.state(id)).isEqualTo("STOPPED"));
                    running.remove(id);
                });
            case 5 ->
                act("kill the agent", true, () -> {
                    scene.agent.kill();
                    startOrStop(id, runs);
                    scene.agent.start();
                });
            case 6 ->
                act("restart the agent", true, () -> {
                    scene.agent.stop();
                    scene.agent.start();
                });
            case 7 ->
                act("kill ovsdb-server", true, () -> {
                    scene.ovs.killDatabase();
                    if (runs || !attachedByLxc(id)) {
                        // LXC's own ovs-vsctl would hang without a database; that is no start of ours.
                        startOrStop(id, runs);
                    }
                    scene.ovs.startDatabase();
                });
            case 8 ->
                act("kill ovs-vswitchd", true, () -> {
                    scene.ovs.killSwitch();
                    scene.ovs.startSwitch();
                });
            case 9 -> act("remove port of " + id, runs, () -> scene.ovs.vsctl("--if-exists", "del-port", "vi" + id));
            case 10 -> act("retag port of " + id, runs, () -> scene.ovs.vsctl("set", "Port", "vi" + id, "tag=7"));
            default -> act("rename link of " + id, runs, () -> sh("ip", "link", "set", "vi" + id, "name", "mine" + id));
        }
    }

    private void startOrStop(String id, boolean runs) {
        act((runs ? "stop " : "start ") + id, true, () -> {
            if (runs) {
                scene.lxc.stop(id);
                running.remove(id);
            } else {
                scene.lxc.start(id);
                running.add(id);
            }
        });
    }

    private static boolean attachedByLxc(String id) {
        return Integer.parseInt(id) % 2 == 0;
    }

    private void act(String what, boolean possible, Runnable action) {
        if (possible) {
            last = what;
            told.merge(what.replaceAll(" (of )?1[0-9]+", ""), 1, Integer::sum);
            action.run();
        }
    }

    private void check() {
        for (String id : running) {
            scene.awaitEnrolled(id, "vi" + id);
            String tag = attachedByLxc(id) ? "42" : "[]";
            eventually(() -> assertThat(
                            scene.ovs.vsctl("get", "Port", "vi" + id, "tag").strip())
                    .isEqualTo(tag));
        }
        Set<String> expected = new TreeSet<>(Set.of(STRANGER));
        running.forEach(id -> expected.add("vi" + id));
        eventually(() -> assertThat(scene.ports()).as(scene.agent.logText()).isEqualTo(expected));
        assertThat(scene.ovs
                        .vsctl("get", "Port", STRANGER, "tag", "external_ids")
                        .strip())
                .isEqualTo("9\n{}");
        assertThat(linkExists(STRANGER)).isTrue();
        assertThat(scene.agent.verification().intact()).isTrue();
    }
}
