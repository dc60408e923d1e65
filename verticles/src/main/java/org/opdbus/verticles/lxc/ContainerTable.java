// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.ContainerEvent.ContainerDefined;
import org.opdbus.events.ContainerEvent.ContainerRemoved;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Workload.LxcContainer;

/**
 * The state of every container. It turns observations into events: one event per change, however
 * often the change is observed.
 */
final class ContainerTable {
    private final String lxcPath;
    private final Set<ContainerId> defined = new TreeSet<>();
    private final Map<ContainerId, Long> running = new HashMap<>();
    /**
     * The last init of a container that is known to have exited; a monitor may report it once more.
     */
    private final Map<ContainerId, Long> exited = new HashMap<>();

    ContainerTable(String lxcPath) {
        this.lxcPath = lxcPath;
    }

    /** Sets the list of containers that have a definition. */
    List<ContainerEvent> defined(Set<ContainerId> now) {
        List<ContainerEvent> events = new ArrayList<>();
        for (ContainerId id : List.copyOf(defined)) {
            if (!now.contains(id)) {
                defined.remove(id);
                exited.remove(id);
                events.add(new ContainerRemoved(container(id)));
            }
        }
        for (ContainerId id : new TreeSet<>(now)) {
            if (defined.add(id)) {
                events.add(new ContainerDefined(container(id)));
            }
        }
        return events;
    }

    /**
     * The container runs with this init. If the init differs from the last one, the container
     * stopped in between.
     */
    List<ContainerEvent> running(ContainerId id, long initPid) {
        Long before = running.put(id, initPid);
        if (before == null) {
            return List.of(new ContainerStarted(container(id), initPid));
        }
        if (before == initPid) {
            return List.of();
        }
        return List.of(
                new ContainerStopped(container(id), "init " + initPid + " has taken the place of " + before),
                new ContainerStarted(container(id), initPid));
    }

    /** The container does not run. */
    List<ContainerEvent> stopped(ContainerId id, String reason) {
        Long before = running.remove(id);
        if (before == null) {
            return List.of();
        }
        exited.put(id, before);
        return List.of(new ContainerStopped(container(id), reason));
    }

    /** The container ran with this init, which had exited before the agent learnt of it. */
    List<ContainerEvent> lived(ContainerId id, long initPid, String reason) {
        if (Long.valueOf(initPid).equals(exited.get(id))) {
            return List.of();
        }
        List<ContainerEvent> events = new ArrayList<>(running(id, initPid));
        events.addAll(stopped(id, reason));
        return events;
    }

    /** Returns the init of a container that runs. */
    Optional<Long> initPid(ContainerId id) {
        return Optional.ofNullable(running.get(id));
    }

    boolean isDefined(ContainerId id) {
        return defined.contains(id);
    }

    Set<ContainerId> defined() {
        return Set.copyOf(defined);
    }

    Set<ContainerId> running() {
        return Set.copyOf(running.keySet());
    }

    /** Returns the number of known containers, defined or running. */
    int count() {
        Set<ContainerId> known = new TreeSet<>(defined);
        known.addAll(running.keySet());
        return known.size();
    }

    private LxcContainer container(ContainerId id) {
        return new LxcContainer(id, lxcPath);
    }
}
