// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.opdbus.events.AnswerEvent.NamespaceResolved;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.ContainerEvent.ContainerDefined;
import org.opdbus.events.ContainerEvent.ContainerRemoved;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;

/** The containers of this host, and which container has which namespace. */
final class ContainerIndex {
    private final Map<ContainerId, ContainerView> containers = new HashMap<>();
    private final Map<Integer, Set<ContainerId>> byNamespace = new HashMap<>();
    private final Set<ContainerId> withoutNamespace = new HashSet<>();
    private final TapIndex taps = new TapIndex();

    /** Folds in a fact and returns the containers that it concerns. */
    Set<ContainerId> apply(ContainerEvent event) {
        ContainerId id = event.container().id();
        ContainerView container = containers.computeIfAbsent(id, key -> new ContainerView(event.container()));
        if (event instanceof ContainerDefined) {
            container.defined(event.container(), true);
            if (container.isRunning()) {
                taps.runs(event.container());
            }
        } else if (event instanceof ContainerStarted started) {
            return started(id, container, started);
        } else if (event instanceof ContainerStopped) {
            return stopped(id, container);
        } else if (event instanceof ContainerRemoved) {
            container.defined(event.container(), false);
            if (!container.isRunning()) {
                containers.remove(id);
            }
        }
        return Set.of(id);
    }

    private Set<ContainerId> started(ContainerId id, ContainerView container, ContainerStarted started) {
        if (container.initPid().equals(OptionalLong.of(started.initPid()))) {
            return Set.of(id);
        }
        Set<ContainerId> touched = leaveNeighbours(id, container);
        leaveNamespace(id, container);
        container.started(started.container(), started.initPid());
        taps.runs(started.container());
        if (!container.isResolved()) {
            withoutNamespace.add(id);
        }
        return touched;
    }

    private Set<ContainerId> stopped(ContainerId id, ContainerView container) {
        Set<ContainerId> touched = leaveNeighbours(id, container);
        leaveNamespace(id, container);
        taps.ended(id);
        container.stopped();
        if (!container.isDefined()) {
            containers.remove(id);
        }
        return touched;
    }

    private Set<ContainerId> leaveNeighbours(ContainerId id, ContainerView container) {
        Set<ContainerId> touched = new HashSet<>(container.neighbours());
        touched.forEach(other -> of(other).ifPresent(view -> view.noNeighbour(id)));
        touched.add(id);
        return touched;
    }

    /**
     * Stores the id of a container's namespace, unless the container was restarted meanwhile.
     *
     * @return the containers to check because of it: this one, and those that are known to be in the same namespace
     */
    Set<ContainerId> resolved(NamespaceResolved answer) {
        ContainerId id = answer.container();
        ContainerView container = containers.get(id);
        if (container == null || !container.isRunning(answer.initPid())) {
            return Set.of();
        }
        leaveNamespace(id, container);
        int namespace = answer.namespace();
        if (namespace == Link.NO_NAMESPACE) {
            withoutNamespace.add(id);
            container.withoutNamespace(answer.question());
            return leaveNeighbours(id, container);
        }
        container.namespace(namespace, answer.question());
        Set<ContainerId> others = in(namespace);
        byNamespace.computeIfAbsent(namespace, key -> new HashSet<>()).add(id);
        others.forEach(other -> of(other).ifPresent(view -> meet(id, container, other, view)));
        Set<ContainerId> touched = new HashSet<>(others);
        touched.add(id);
        return touched;
    }

    /**
     * Two containers have the same namespace, or the kernel has reused the number of an ended namespace: the earlier
     * container's id is asked for again, once.
     */
    private void meet(ContainerId id, ContainerView container, ContainerId other, ContainerView view) {
        container.neighbour(other);
        if (view.neighbour(id)) {
            leaveNamespace(other, view);
            view.unresolved();
            withoutNamespace.add(other);
        }
    }

    private void leaveNamespace(ContainerId id, ContainerView container) {
        withoutNamespace.remove(id);
        byNamespace.computeIfPresent(container.namespace(), (key, ids) -> {
            ids.remove(id);
            return ids.isEmpty() ? null : ids;
        });
    }

    /**
     * A link leads into a namespace without any link so far.
     *
     * @return those whose namespace it may be, because the kernel had no number for theirs: their ids must be asked
     * for again
     */
    Set<ContainerId> doubtNamespaces() {
        withoutNamespace.forEach(id -> of(id).ifPresent(ContainerView::doubtNamespace));
        return withoutNamespace;
    }

    /** Returns the virtual machine that has the tap with this index. */
    Set<ContainerId> ofTap(int index) {
        return taps.machineOf(index).map(Set::of).orElse(Set.of());
    }

    Optional<ContainerView> of(ContainerId id) {
        return Optional.ofNullable(containers.get(id));
    }

    Set<ContainerId> ids() {
        return containers.keySet();
    }

    /** Returns the containers whose init is in this namespace. */
    Set<ContainerId> in(int namespace) {
        return new TreeSet<>(byNamespace.getOrDefault(namespace, Set.of()));
    }

    /** Returns those that may share this container's namespace while the kernel is being asked. */
    Set<ContainerId> doubtfulNeighbours(ContainerView container) {
        Set<ContainerId> doubtful = new TreeSet<>();
        container
                .neighbours()
                .forEach(other -> of(other)
                        .filter(view -> view.isRunning() && !view.isResolved())
                        .ifPresent(view -> doubtful.add(other)));
        return doubtful;
    }
}
