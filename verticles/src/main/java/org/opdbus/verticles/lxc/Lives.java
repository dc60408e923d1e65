// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.io.IOException;
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
    private final StartAttempts attempts;
    private final ContainerTable table;
    private final LiveSockets live;
    private final Consumer<Event> publish;

    private final Map<ContainerId, LifeWatch> watches = new HashMap<>();
    /** The lives whose monitor has exited, or may have done so: another monitor may listen now or later. */
    private final Map<ContainerId, LifeWatch> orphans = new HashMap<>();

    private final Retries retries = new Retries();

    /**
     * Creates an empty set of lives.
     *
     * @param attempts gets an attempt when a monitor must be asked again, or another monitor may listen soon
     */
    Lives(Monitors monitors, StartAttempts attempts, ContainerTable table, LiveSockets live, Consumer<Event> publish) {
        this.monitors = monitors;
        this.attempts = attempts;
        this.table = table;
        this.live = live;
        this.publish = publish;
    }

    /**
     * Processes a list of sockets: asks the monitors that are not known yet.
     *
     * @param listening the socket of each container
     * @param inodes the inodes of all sockets, by name
     * @return whether there were any
     */
    boolean listen(Map<ContainerId, String> listening, Map<String, Long> inodes) {
        boolean found = false;
        for (Map.Entry<ContainerId, String> each : listening.entrySet()) {
            LifeWatch watch = watches.get(each.getKey());
            if (watch != null && watch.isReplaced(inodes)) {
                orphan(watch);
            }
            found |= !watches.containsKey(each.getKey()) && tryNames(each.getKey(), List.of(each.getValue()));
        }
        return found;
    }

    /**
     * Asks the monitor of this container, which may listen under one of these names, unless it is known.
     *
     * @return false if no process listens under any of them
     */
    boolean tryNames(ContainerId id, List<String> names) {
        if (watches.containsKey(id)) {
            attempts.forget(id);
            return true;
        }
        OptionalLong notBefore = retries.notBefore(id, System.nanoTime());
        if (notBefore.isPresent()) {
            attempts.at(id, notBefore.getAsLong());
            return true;
        }
        boolean asked = names.stream().anyMatch(name -> ask(id, name));
        if (!asked) {
            retries.settled(id);
        }
        return asked;
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

    /**
     * Moves this life to the orphans, because another monitor may listen now. The life continues until its init
     * exits.
     */
    private void orphan(LifeWatch watch) {
        if (watches.remove(watch.id(), watch)) {
            LifeWatch older = orphans.put(watch.id(), watch);
            if (older != null) {
                older.close();
            }
        }
    }

    /** Returns false if no process listens under this name. */
    private boolean ask(ContainerId id, String name) {
        LifeWatch watch = new LifeWatch(id, name, monitors, this);
        try {
            if (!watch.open()) {
                return false;
            }
            watches.put(id, watch);
            live.listens(id, name);
            attempts.forget(id);
        } catch (IOException e) {
            watch.close();
            LOG.warn("cannot ask the monitor of container={}, trying again: {}", id, e.getMessage());
            retryLater(id);
        }
        return true;
    }

    private void retryLater(ContainerId id) {
        attempts.at(id, retries.failed(id, System.nanoTime()));
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
        if (!watch.hasMonitor()) {
            // The agent would not hear of the monitor's exit, so each trace of a start leads to a question.
            orphan(watch);
        }
    }

    @Override
    public void isOrphaned(LifeWatch watch) {
        orphan(watch);
        beginAttempts(watch.id());
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
        beginAttempts(id);
        askAgain(watch);
    }

    @Override
    public void hasLived(LifeWatch watch) {
        publishAll(
                table.lived(watch.id(), watch.initPid(), "its init had exited before the agent learnt of its start"));
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
            tryNames(watch.id(), List.of(watch.name()));
        }
    }

    /**
     * A new start may have left its traces before the agent noticed the end of the old one, and traces of a container
     * whose monitor is known are ignored.
     */
    private void beginAttempts(ContainerId id) {
        if (!attempts.begin(id, System.nanoTime())) {
            LOG.debug("container={} waits for the next listing: too many containers start and stop at once", id);
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
