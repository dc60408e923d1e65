// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.agent.Scene.linkExists;
import static org.opdbus.agent.Scene.sh;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.agent.RandomHost.Guest;
import org.opdbus.verticles.testing.Links;

/**
 * Starts, stops, kills and meddles at random, up to three things at a time, and then: no start has failed, every running
 * container is enrolled or refused with the reason, no port of ours is stale, no stranger's row or link has changed, the
 * ledger is intact and tells one story.
 *
 * <p>{@code -Dseed=} replays a run, {@code -Dsteps=} makes it longer, {@code -Dminutes=} ends it after that time.
 */
class RandomRunIT {
    private static final int STORM = 30;
    private static final int STORY_EVERY = 50;
    private static final int DEEDS_MAX = 3;

    private final RandomHost host = new RandomHost();
    private final Scene scene = host.scene;
    private final Map<String, Integer> told = new TreeMap<>();
    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<Deed> deeds = deeds();
    private final List<String> last = new ArrayList<>();
    private Optional<Path> older = Optional.empty();
    /** Whether the database was away since everything was as it should be. */
    private boolean outage;

    /** One thing that may happen to a guest, or to everything. */
    private record Deed(String name, int weight, Predicate<Guest> possible, Consumer<Guest> action) {}

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void whatever_happens_things_end_as_they_should_be() {
        int steps = Integer.getInteger("steps", 60);
        System.out.printf("random run: -Dseed=%d -Dsteps=%d%n", seed, steps);
        host.start();
        host.awaitPeace();
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
        }
        host.awaitPeace();
        outage = false;
        if (number % STORY_EVERY == 0) {
            checkStory();
        }
    }

    /** Nothing is open in the ledger but the enrolments of the containers that run. */
    private void checkStory() {
        eventually(() -> {
            Story story = Story.of(scene.agent).isToldOnce();
            for (Guest guest : RandomHost.GUESTS) {
                int links = guest.port().isEmpty() || !host.isRunning(guest) ? 0 : host.links(guest);
                assertThat(story.open(guest.id()))
                        .as("open enrolments of %s", guest.id())
                        .hasSize(links);
            }
        });
    }

    private List<Deed> deeds() {
        Predicate<Guest> always = guest -> true;
        Predicate<Guest> withoutSwitch = guest -> !guest.byLxc();
        return List.of(
                new Deed("start or stop", 12, always, this::startOrStop),
                new Deed("restart", 4, host::isRunning, this::restart),
                new Deed("kill init", 3, host::isRunning, host::kill),
                new Deed("define anew", 1, guest -> !host.isRunning(guest), this::defineAnew),
                new Deed("plug", 2, this::canPlug, host::plug),
                new Deed("unplug", 3, host::mayUnplug, host::unplug),
                new Deed("kill the agent", 3, always, guest -> withoutAgent(guest, scene.agent::kill)),
                new Deed("restart the agent", 1, always, guest -> withoutAgent(guest, scene.agent::stop)),
                new Deed("kill ovsdb-server", 3, this::mayLackDatabase, guest -> withoutDatabase(guest, () -> {})),
                new Deed("stop ovsdb-server a while", 2, withoutSwitch, this::whileDatabaseHangs),
                new Deed("kill ovs-vswitchd", 3, withoutSwitch, this::whileSwitchIsDead),
                new Deed("kill both", 1, withoutSwitch, this::whileBothAreDead),
                new Deed("wipe the database", 1, this::mayForget, this::wipeDatabase),
                new Deed("keep a copy", 1, guest -> last.size() == 1, guest -> keepCopy()),
                new Deed("restore an older database", 2, this::mayRestore, this::restoreDatabase),
                new Deed("remove port", 3, host::isAtPeace, guest -> onPort("del-port", guest.port())),
                new Deed("retag port", 3, host::isAtPeace, guest -> onPort("set", "Port", guest.port(), "tag=7")),
                new Deed("unmark port", 2, host::isAtPeace, this::unmark),
                new Deed("rename link", 3, this::mayRename, this::rename),
                new Deed("change MAC", 1, this::mayRename, this::changeMac),
                new Deed("storm", 1, always, this::storm));
    }

    private void doSomething() {
        int all = deeds.stream().mapToInt(Deed::weight).sum();
        while (true) {
            Guest guest = RandomHost.GUESTS.get(random.nextInt(RandomHost.GUESTS.size()));
            int at = random.nextInt(all);
            for (Deed deed : deeds) {
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
        last.add(deed.name() + " " + guest.id());
        if (!deed.possible().test(guest)) {
            last.remove(last.size() - 1);
            return false;
        }
        told.merge(deed.name(), 1, Integer::sum);
        deed.action().accept(guest);
        return true;
    }

    private void startOrStop(Guest guest) {
        if (host.isRunning(guest)) {
            host.stop(guest);
        } else {
            start(guest);
        }
    }

    /** LXC's own ovs-vsctl stumbles over a row of the same name that an outage left; the agent removes it first. */
    private void start(Guest guest) {
        afterOutage(guest);
        host.start(guest);
    }

    private void afterOutage(Guest guest) {
        if (outage && guest.byLxc()) {
            host.awaitPeace();
            outage = false;
        }
    }

    private void restart(Guest guest) {
        host.stop(guest);
        start(guest);
    }

    private void defineAnew(Guest guest) {
        scene.lxc.destroy(guest.id());
        scene.lxc.create(guest.definition());
    }

    private boolean canPlug(Guest guest) {
        return host.isAtPeace(guest) && !host.isPlugged(guest) && host.links(guest) == 1;
    }

    private void withoutAgent(Guest guest, Runnable end) {
        afterOutage(guest);
        end.run();
        startOrStop(guest);
        scene.agent.start();
    }

    /**
     * LXC's own ovs-vsctl needs a database to attach a container, and to detach one that the agent has not taken over yet:
     * otherwise that start fails, or that port stays, without anybody's doing.
     */
    private boolean mayLackDatabase(Guest guest) {
        return !guest.byLxc() || host.isAtPeace(guest);
    }

    private void withoutDatabase(Guest guest, Runnable meanwhile) {
        outage = true;
        scene.ovs.killDatabase();
        meanwhile.run();
        startOrStop(guest);
        scene.ovs.startDatabase();
    }

    private void whileDatabaseHangs(Guest guest) {
        outage = true;
        scene.ovs.pauseDatabase();
        startOrStop(guest);
        scene.ovs.resumeDatabase();
    }

    private void whileSwitchIsDead(Guest guest) {
        scene.ovs.killSwitch();
        startOrStop(guest);
        scene.ovs.startSwitch();
    }

    private void whileBothAreDead(Guest guest) {
        scene.ovs.killSwitch();
        withoutDatabase(guest, () -> {});
        scene.ovs.startSwitch();
    }

    private void wipeDatabase(Guest guest) {
        older = Optional.empty();
        withoutDatabase(guest, scene.ovs::wipeDatabase);
        host.refillDatabase();
    }

    private void keepCopy() {
        Path copy = scene.ovs.databaseFile().resolveSibling("older.db");
        copy(scene.ovs.databaseFile(), copy);
        older = Optional.of(copy);
    }

    private boolean mayRestore(Guest guest) {
        return older.isPresent() && mayForget(guest);
    }

    /** The VLAN that LXC has just set stands nowhere but in the database until the container is enrolled. */
    private boolean mayForget(Guest guest) {
        return mayLackDatabase(guest)
                && RandomHost.GUESTS.stream()
                        .filter(Guest::byLxc)
                        .allMatch(other -> !host.isRunning(other) || host.isAtPeace(other));
    }

    private void restoreDatabase(Guest guest) {
        withoutDatabase(guest, () -> copy(older.orElseThrow(), scene.ovs.databaseFile()));
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void onPort(String... command) {
        List<String> all = new ArrayList<>(List.of("--if-exists"));
        all.addAll(List.of(command));
        scene.ovs.vsctl(all.toArray(String[]::new));
    }

    /** A row without our marks is not ours: if its container ended before they are back, it would rightly stay. */
    private void unmark(Guest guest) {
        onPort("clear", "Port", guest.port(), "external_ids");
        host.awaitPeace();
    }

    private boolean mayRename(Guest guest) {
        return host.isAtPeace(guest) && guest.port().startsWith("vi") && linkExists(guest.port());
    }

    private void rename(Guest guest) {
        sh("ip", "link", "set", guest.port(), "name", "mine" + guest.id());
    }

    private void changeMac(Guest guest) {
        sh("ip", "link", "set", guest.port(), "address", "fe:00:00:00:01:%02x".formatted(random.nextInt(256)));
    }

    private void storm(Guest guest) {
        Links.batch(IntStream.range(0, STORM)
                .mapToObj(n -> "link add storm" + n + " type veth peer name mrots" + n)
                .toList());
        startOrStop(guest);
        Links.batch(
                IntStream.range(0, STORM).mapToObj(n -> "link del storm" + n).toList());
    }
}
