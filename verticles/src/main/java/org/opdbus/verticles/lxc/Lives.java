// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Event;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lives of all containers that are watched, or asked for; what they tell goes into the table. One thread's. */
final class Lives implements LifeWatch.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lives.class);

    private final Monitors monitors;
    private final ScanSchedule looks;
    private final ContainerTable table;
    private final LiveSockets live;
    private final Consumer<Event> publish;

    private final Map<ContainerId, LifeWatch> watches = new HashMap<>();
    /** Lives that another monitor than the one that listens now has begun. */
    private final Map<ContainerId, LifeWatch> orphans = new HashMap<>();

    private final Retries retries = new Retries();

    /**
     * None yet.
     *
     * @param looks where a look at the sockets is asked for when a monitor is to be asked again
     */
    Lives(Monitors monitors, ScanSchedule looks, ContainerTable table, LiveSockets live, Consumer<Event> publish) {
        this.monitors = monitors;
        this.looks = looks;
        this.table = table;
        this.live = live;
        this.publish = publish;
    }

    /**
     * These monitors listen: asks those that are not known.
     *
     * @param listening the socket of each container
     * @param inodes those of all sockets, by their names
     */
    void listen(Map<ContainerId, String> listening, Map<String, Long> inodes) {
        retries.retain(listening.keySet());
        listening.forEach((id, name) -> {
            LifeWatch watch = watches.get(id);
            if (watch != null && !watch.isPending() && !listensStill(watch, inodes.values())) {
                orphan(watch);
            }
            if (!watches.containsKey(id)) {
                ask(id, new CommandSocket(name, OptionalLong.of(inodes.getOrDefault(name, 0L))));
            }
        });
    }

    /** Asks a monitor that may listen under this name, unless it is known. */
    void tryName(ContainerId id, String name) {
        if (!watches.containsKey(id)) {
            ask(id, new CommandSocket(name, OptionalLong.empty()));
        }
    }

    /** What runs according to the table, but is neither watched nor to be asked again, has stopped unheard. */
    void dropUnwatched() {
        for (ContainerId id : table.running()) {
            if (!watches.containsKey(id) && !orphans.containsKey(id) && !retries.waits(id)) {
                publishAll(table.stopped(id, "nobody listens on its command socket"));
            }
        }
    }

    /** Those whose monitor has not answered yet. */
    List<ContainerId> pending() {
        return watches.values().stream()
                .filter(LifeWatch::isPending)
                .map(LifeWatch::id)
                .toList();
    }

    /** Whether this container's monitor was asked and has not answered yet. */
    boolean isPending(ContainerId id) {
        LifeWatch watch = watches.get(id);
        return watch != null && watch.isPending();
    }

    private static boolean listensStill(LifeWatch watch, Collection<Long> inodes) {
        OptionalLong inode = watch.socket().inode();
        return inode.isPresent() && inodes.contains(inode.getAsLong());
    }

    /** Another monitor may listen now, to be asked what it runs; the life that is known goes on until its init exits. */
    private void orphan(LifeWatch watch) {
        watches.remove(watch.id(), watch);
        LifeWatch older = orphans.put(watch.id(), watch);
        if (older != null) {
            older.close();
        }
    }

    private void ask(ContainerId id, CommandSocket socket) {
        long now = System.nanoTime();
        OptionalLong notBefore = retries.notBefore(id, now);
        if (notBefore.isPresent()) {
            looks.at(notBefore.getAsLong());
            return;
        }
        LifeWatch watch = new LifeWatch(id, socket, monitors, this);
        try {
            if (watch.open()) {
                watches.put(id, watch);
                live.listens(id, socket.name());
            }
        } catch (IOException e) {
            LOG.warn("cannot ask the monitor of container={}, trying again: {}", id, e.getMessage());
            retryLater(id);
        }
    }

    private void retryLater(ContainerId id) {
        looks.at(retries.failed(id, System.nanoTime()));
    }

    @Override
    public void isUp(LifeWatch watch) {
        ContainerId id = watch.id();
        retries.settled(id);
        LifeWatch older = orphans.get(id);
        if (older != null && older.initPid() == watch.initPid()) {
            orphans.remove(id);
            older.close();
        }
        live.lives(id, watch.initPid());
        publishAll(table.running(id, watch.initPid()));
    }

    @Override
    public void hasEnded(LifeWatch watch) {
        ContainerId id = watch.id();
        live.gone(id, watch.initPid());
        // A container may have been started anew while an old init of it lived on.
        if (table.initPid(id).filter(pid -> pid == watch.initPid()).isPresent()) {
            publishAll(table.stopped(id, "its init has exited"));
        }
        orphans.remove(id, watch);
        askAgain(watch);
    }

    @Override
    public void hasLived(LifeWatch watch) {
        publishAll(table.lived(watch.id(), watch.initPid(), "its init had exited when its start was heard"));
        isUnanswered(watch);
    }

    @Override
    public void isRefused(LifeWatch watch, String reason) {
        LOG.warn("the monitor of container={} does not help to watch it, trying again: {}", watch.id(), reason);
        isUnanswered(watch);
    }

    @Override
    public void isUnanswered(LifeWatch watch) {
        retryLater(watch.id());
        askAgain(watch);
    }

    /**
     * The monitor is closing down, and will close the connection without an answer; or it reboots the container, and will
     * answer when that is up again.
     */
    private void askAgain(LifeWatch watch) {
        if (watches.remove(watch.id(), watch)) {
            live.silent(watch.id());
            ask(watch.id(), watch.socket());
        }
    }

    private void publishAll(List<? extends Event> events) {
        events.forEach(publish);
    }

    @Override
    public void close() {
        watches.values().forEach(LifeWatch::close);
        orphans.values().forEach(LifeWatch::close);
        live.clear();
    }
}
