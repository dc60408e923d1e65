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

/**
 * The lives of all containers that the agent watches or has asked about; their results go into the
 * table. For one thread only.
 */
final class Lives implements LifeWatch.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Lives.class);

    private final Monitors monitors;
    private final ScanSchedule looks;
    private final ContainerTable table;
    private final LiveSockets live;
    private final Consumer<Event> publish;

    private final Map<ContainerId, LifeWatch> watches = new HashMap<>();
    /** The lives that an earlier monitor began, while another monitor listens now. */
    private final Map<ContainerId, LifeWatch> orphans = new HashMap<>();

    private final Retries retries = new Retries();

    /**
     * Creates an empty set of lives.
     *
     * @param looks the schedule that gets a request for a look when a monitor must be asked again
     */
    Lives(Monitors monitors, ScanSchedule looks, ContainerTable table, LiveSockets live, Consumer<Event> publish) {
        this.monitors = monitors;
        this.looks = looks;
        this.table = table;
        this.live = live;
        this.publish = publish;
    }

    /**
     * Processes a list of sockets: asks the monitors that are not known yet.
     *
     * @param listening the socket of each container
     * @param inodes the inodes of all sockets, by name
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

    /**
     * A container that runs according to the table, but is neither watched nor due for another
     * question, has stopped unnoticed.
     */
    void dropUnwatched() {
        for (ContainerId id : table.running()) {
            if (!watches.containsKey(id) && !orphans.containsKey(id) && !retries.waits(id)) {
                publishAll(table.stopped(id, "no process listens on its command socket"));
            }
        }
    }

    /** Returns the lives whose monitor has not answered yet. */
    List<ContainerId> pending() {
        return watches.values().stream()
                .filter(LifeWatch::isPending)
                .map(LifeWatch::id)
                .toList();
    }

    /** Returns whether this container's monitor was asked and has not answered yet. */
    boolean isPending(ContainerId id) {
        LifeWatch watch = watches.get(id);
        return watch != null && watch.isPending();
    }

    private static boolean listensStill(LifeWatch watch, Collection<Long> inodes) {
        OptionalLong inode = watch.socket().inode();
        return inode.isPresent() && inodes.contains(inode.getAsLong());
    }

    /**
     * Moves this life to the orphans, because another monitor may listen now. The life continues until its init
     * exits.
     */
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
        // The container may have been started again while an old init of it was still alive.
        if (table.initPid(id).filter(pid -> pid == watch.initPid()).isPresent()) {
            publishAll(table.stopped(id, "its init has exited"));
        }
        orphans.remove(id, watch);
        askAgain(watch);
    }

    @Override
    public void hasLived(LifeWatch watch) {
        publishAll(table.lived(
                watch.id(), watch.initPid(), "its init had exited before the agent " + "learnt of its start"));
        isUnanswered(watch);
    }

    @Override
    public void isRefused(LifeWatch watch, String reason) {
        LOG.warn("cannot watch container={} through its monitor, trying again: {}", watch.id(), reason);
        isUnanswered(watch);
    }

    @Override
    public void isUnanswered(LifeWatch watch) {
        retryLater(watch.id());
        askAgain(watch);
    }

    /**
     * The monitor is ending and will close the connection without an answer; or it reboots the
     * container and will answer when that is up again.
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
