// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.ContainerEvent.ContainerDefined;
import org.opdbus.events.ContainerEvent.ContainerRemoved;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Workload.EngineContainer;

/**
 * The containers of one engine. It turns events, lists and answers into facts: one fact for each change, however often and in
 * whatever order the engine says it.
 */
final class EngineTable {
    private final Map<ContainerId, EngineContainer> known = new HashMap<>();
    private final Map<ContainerId, Life> running = new HashMap<>();

    /** One run of a container: the process id of its init, and when that was started, by the engine's clock. */
    private record Life(long initPid, long startedAtNs) {}

    /** The engine has this container. */
    List<ContainerEvent> defined(EngineContainer container) {
        return container.equals(known.put(container.id(), container))
                ? List.of()
                : List.of(new ContainerDefined(container));
    }

    /** The container has this name now; it does nothing to one that is not known. */
    List<ContainerEvent> renamed(ContainerId id, String name) {
        return container(id)
                .map(old -> defined(new EngineContainer(id, name, old.image(), old.network(), old.asked())))
                .orElse(List.of());
    }

    /** The container runs with this init. If it is not the one that was known, the container stopped in between. */
    List<ContainerEvent> running(EngineContainer container, long initPid, long startedAtNs) {
        List<ContainerEvent> events = new ArrayList<>();
        Life before = running.get(container.id());
        if (before != null && before.initPid() != initPid) {
            events.addAll(stopped(container.id(), "init " + initPid + " has taken the place of " + before.initPid()));
        }
        events.addAll(defined(container));
        running.put(container.id(), new Life(initPid, startedAtNs));
        if (before == null || before.initPid() != initPid) {
            events.add(new ContainerStarted(container, initPid));
        }
        return events;
    }

    /** The container does not run. */
    List<ContainerEvent> stopped(ContainerId id, String reason) {
        return running.remove(id) == null
                ? List.of()
                : container(id)
                        .<List<ContainerEvent>>map(old -> List.of(new ContainerStopped(old, reason)))
                        .orElse(List.of());
    }

    /** The run of the container that had begun before this time, by the engine's clock, is over; a later one is not. */
    List<ContainerEvent> died(ContainerId id, long atNs, String reason) {
        Life life = running.get(id);
        return life != null && life.startedAtNs() > atNs ? List.of() : stopped(id, reason);
    }

    /** The engine does not have the container any more. */
    List<ContainerEvent> removed(ContainerId id, String reason) {
        List<ContainerEvent> events = new ArrayList<>(stopped(id, reason));
        EngineContainer old = known.remove(id);
        if (old != null) {
            events.add(new ContainerRemoved(old));
        }
        return events;
    }

    /** The engine has these containers and no others. */
    List<ContainerEvent> onlyThese(Set<ContainerId> listed) {
        List<ContainerEvent> events = new ArrayList<>();
        for (ContainerId id : List.copyOf(known.keySet())) {
            if (!listed.contains(id)) {
                events.addAll(removed(id, "the engine does not list it any more"));
            }
        }
        return events;
    }

    Optional<EngineContainer> container(ContainerId id) {
        return Optional.ofNullable(known.get(id));
    }

    boolean isRunning(ContainerId id) {
        return running.containsKey(id);
    }

    int count() {
        return known.size();
    }
}
