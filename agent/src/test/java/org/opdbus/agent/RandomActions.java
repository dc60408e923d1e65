// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.opdbus.agent.TestHost.linkExists;
import static org.opdbus.agent.TestHost.sh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.opdbus.agent.RandomHost.Guest;
import org.opdbus.verticles.testing.Links;

/** What may happen to the host of a random run. For one thread only. */
final class RandomActions {
    private static final int STORM = 30;

    private final RandomHost host;
    private final TestHost scene;
    private final Random random;
    private Optional<Path> older = Optional.empty();
    /** Returns whether nothing has happened since the last complete check. */
    private boolean untouched;
    /** Returns whether the database was away since then. */
    private boolean outage;

    RandomActions(RandomHost host, Random random) {
        this.host = host;
        this.scene = host.scene;
        this.random = random;
    }

    /**
     * One action on a guest, or on everything.
     *
     * @param weight its relative frequency
     */
    record Deed(String name, int weight, Predicate<Guest> possible, Consumer<Guest> action) {}

    /** Notes that everything is as expected. */
    void atPeace() {
        untouched = true;
        outage = false;
    }

    /** Runs it. */
    void perform(Deed deed, Guest guest) {
        untouched = false;
        deed.action().accept(guest);
    }

    List<Deed> all() {
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
                new Deed("keep a copy", 1, guest -> untouched, guest -> keepCopy()),
                new Deed("restore an older database", 2, this::mayRestore, this::restoreDatabase),
                new Deed("remove port", 3, host::isAtPeace, guest -> onPort(guest, "del-port", guest.port())),
                new Deed(
                        "retag port", 3, host::isAtPeace, guest -> onPort(guest, "set", "Port", guest.port(), "tag=7")),
                new Deed("unmark port", 2, this::mayUnmark, this::unmark),
                new Deed("second row", 2, this::mayAddRow, this::addRow),
                new Deed("rename link", 3, this::mayRename, this::rename),
                new Deed("change MAC", 1, this::mayRename, this::changeMac),
                new Deed("storm", 1, always, this::storm),
                new Deed("run or remove in Docker", 6, always, guest -> host.engine.runOrRemove()),
                new Deed("restart in Docker", 2, always, guest -> host.engine.restartContainer()),
                new Deed("kill dockerd", 1, withoutSwitch, this::whileEngineIsDead));
    }

    private void startOrStop(Guest guest) {
        if (host.isRunning(guest)) {
            host.stop(guest);
        } else {
            start(guest);
        }
    }

    /** LXC's own ovs-vsctl fails on a row of the same name that an outage left; the agent removes that row first. */
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
        if (random.nextBoolean()) {
            host.engine.runOrRemove();
        }
        host.agentBegan();
        scene.agent.start();
    }

    /**
     * LXC's own ovs-vsctl needs a database to attach a container, and to detach one that the agent has not adopted
     * yet: otherwise that start fails, or that port remains, without a fault of the agent.
     */
    private boolean mayLackDatabase(Guest guest) {
        return !guest.byLxc() || host.isAtPeace(guest);
    }

    private void withoutDatabase(Guest guest, Runnable meanwhile) {
        outage = true;
        scene.ovs.killDatabase();
        meanwhile.run();
        startOrStop(guest);
        if (random.nextBoolean()) {
            host.engine.runOrRemove();
        }
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
        host.meddleWithAll();
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

    /** Until the container is enrolled, only the database has the VLAN that LXC has just set. */
    private boolean mayForget(Guest guest) {
        return mayLackDatabase(guest)
                && RandomHost.GUESTS.stream()
                        .filter(Guest::byLxc)
                        .allMatch(other -> !host.isRunning(other) || host.isAtPeace(other));
    }

    private void restoreDatabase(Guest guest) {
        host.meddleWithAll();
        withoutDatabase(guest, () -> copy(older.orElseThrow(), scene.ovs.databaseFile()));
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void onPort(Guest guest, String... command) {
        host.meddle(guest);
        List<String> all = new ArrayList<>(List.of("--if-exists"));
        all.addAll(List.of(command));
        scene.ovs.vsctl(all.toArray(String[]::new));
    }

    /**
     * The configuration of a row without marks belongs to another program, so it counts: nothing else was changed.
     */
    private boolean mayUnmark(Guest guest) {
        return host.isAtPeace(guest) && !host.isMeddled(guest);
    }

    /**
     * A row without our marks is not ours: if its container ended before the marks are back, it would rightly remain.
     */
    private void unmark(Guest guest) {
        onPort(guest, "clear", "Port", guest.port(), "external_ids");
        host.awaitPeace();
    }

    /** The agent has seen the link's earlier name, and was not restarted since. */
    private boolean mayAddRow(Guest guest) {
        return host.isAtPeace(guest) && !host.earlierName(guest).isEmpty();
    }

    /** Another program attaches a link under the name that it had before it was enrolled, with its VLAN. */
    private void addRow(Guest guest) {
        scene.ovs.vsctl("--no-wait", "add-port", TestHost.BRIDGE, host.earlierName(guest), "tag=" + guest.tag());
        // A row whose link vanishes before the agent has seen the row would rightly remain.
        host.awaitPeace();
    }

    private boolean mayRename(Guest guest) {
        return host.isAtPeace(guest) && guest.port().startsWith("vi") && linkExists(guest.port());
    }

    private void rename(Guest guest) {
        host.meddle(guest);
        sh("ip", "link", "set", guest.port(), "name", "mine" + guest.id());
    }

    private void changeMac(Guest guest) {
        sh("ip", "link", "set", guest.port(), "address", "fe:00:00:00:01:%02x".formatted(random.nextInt(256)));
    }

    private void whileEngineIsDead(Guest guest) {
        host.engine.whileKilled(() -> startOrStop(guest));
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
