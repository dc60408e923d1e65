// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.agent.RandomActions.Deed;
import org.opdbus.agent.RandomHost.Guest;

/**
 * Starts, stops, kills and changes containers of LXC and Docker at random, up to three actions at a time, and then checks: no start has failed,
 * every running container is enrolled with its VLAN by one row or refused with the reason, no port of ours is stale,
 * no row or link of others has changed, no drift is reported without a change, the ledger is intact and consistent,
 * and every face of the agent, asked at random moments, says the same once all is quiet.
 *
 * <p>{@code -Dseed=} replays a run, {@code -Dsteps=} makes it longer, {@code -Dminutes=} ends it after that time.
 */
class RandomRunIT {
    private static final int STORY_EVERY = 50;
    /** Metrics and the status line are up to a second old, so to compare takes about that long. */
    private static final int AGREE_EVERY = 5;

    private static final int DEEDS_MAX = 3;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final RandomHost host = new RandomHost(random);
    private final TestHost scene = host.scene;
    private final Map<String, Integer> told = new TreeMap<>();
    private final RandomActions deeds = new RandomActions(host, random);
    private final List<String> last = new ArrayList<>();
    private final Faces faces = new Faces(scene.agent);
    /** Not the one that decides what is done: a seed does the same with and without looks. */
    private final Random moments = new Random(seed);

    @AfterEach
    void close() {
        scene.close();
        faces.close();
        host.engine.close();
    }

    @Test
    void whatever_happens_things_end_as_they_should_be() {
        int steps = Integer.getInteger("steps", 40);
        System.out.printf("random run: -Dseed=%d -Dsteps=%d%n", seed, steps);
        host.start();
        host.awaitPeace();
        deeds.atPeace();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(Long.getLong("minutes", 24 * 60));
        int step = 0;
        for (; step < steps && System.nanoTime() < end; step++) {
            try {
                step(step);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "step " + step + " " + last + " of -Dseed=" + seed + ": " + e.getMessage() + "\n"
                                + scene.agent.logText(),
                        e);
            }
        }
        checkStory();
        System.out.printf("random run: -Dseed=%d %d steps, done: %s%n", seed, step, told);
    }

    private void step(int number) {
        last.clear();
        for (int n = random.nextInt(DEEDS_MAX); n >= 0; n--) {
            doSomething();
            if (moments.nextInt(4) == 0) {
                faces.ask();
            }
        }
        host.awaitPeace();
        deeds.atPeace();
        if (number % AGREE_EVERY == 0) {
            eventually(faces::agree);
        }
        if (number % STORY_EVERY == 0) {
            checkStory();
        }
    }

    /** Checks that only the enrolments of running containers are open in the ledger. */
    private void checkStory() {
        eventually(() -> {
            LedgerStory story = LedgerStory.of(scene.agent).isToldOnce();
            story.namesLinksOnce("mine");
            for (Guest guest : RandomHost.GUESTS) {
                int links = guest.port().isEmpty() || !host.isRunning(guest) ? 0 : host.links(guest);
                assertThat(story.open(guest.id()))
                        .as("open enrolments of %s", guest.id())
                        .hasSize(links);
            }
            host.engine
                    .attached()
                    .forEach(id -> assertThat(story.open(id))
                            .as("open enrolments of %s", id)
                            .hasSize(1));
        });
    }

    private void doSomething() {
        List<Deed> possible = deeds.all();
        int all = possible.stream().mapToInt(Deed::weight).sum();
        while (true) {
            Guest guest = RandomHost.GUESTS.get(random.nextInt(RandomHost.GUESTS.size()));
            int at = random.nextInt(all);
            for (Deed deed : possible) {
                at -= deed.weight();
                if (at < 0) {
                    if (tryTo(deed, guest)) {
                        return;
                    }
                    break;
                }
            }
        }
    }

    private boolean tryTo(Deed deed, Guest guest) {
        if (!deed.possible().test(guest)) {
            return false;
        }
        last.add(deed.name() + " " + guest.id());
        told.merge(deed.name(), 1, Integer::sum);
        deeds.perform(deed, guest);
        return true;
    }
}
