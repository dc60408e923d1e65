// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.ContainerEvent.ContainerDefined;
import org.opdbus.events.ContainerEvent.ContainerRemoved;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Event;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent;
import org.opdbus.events.LinkEvent.LinkChanged;
import org.opdbus.events.LinkEvent.LinkVanished;
import org.opdbus.events.Port;
import org.opdbus.events.PortEvent;
import org.opdbus.events.PortEvent.BridgeAdded;
import org.opdbus.events.PortEvent.BridgeChanged;
import org.opdbus.events.PortEvent.BridgeRemoved;
import org.opdbus.events.PortEvent.PortAdded;
import org.opdbus.events.PortEvent.PortChanged;
import org.opdbus.events.PortEvent.PortRemoved;

/**
 * What is observed on this host, folded from the facts on the bus.
 *
 * <p>{@link #apply} costs O(1) for a link or port that is none of a container's. Confined to one thread.
 */
final class HostView {
    private final String owner;
    private final Set<Source> listed = EnumSet.noneOf(Source.class);
    private final Set<Source> lost = EnumSet.noneOf(Source.class);
    private final Map<Integer, Link> links = new HashMap<>();
    private final Map<String, Integer> linkNames = new HashMap<>();
    private final Map<Integer, Set<Integer>> linksByNamespace = new HashMap<>();
    private final Map<String, Port> ports = new HashMap<>();
    private final Map<ContainerId, Set<String>> ownPorts = new HashMap<>();
    private final Map<String, Bridge> bridges = new HashMap<>();
    private final Map<ContainerId, ContainerView> containers = new HashMap<>();
    private final Map<Integer, Set<ContainerId>> containersByNamespace = new HashMap<>();
    private final Set<ContainerId> withoutNamespace = new HashSet<>();
    private final Map<String, Set<ContainerId>> interestedInName = new HashMap<>();

    /** A view for the agent of this host, which owns the ports that name it. */
    HostView(String owner) {
        this.owner = owner;
    }

    /** Folds in a fact and says which containers to look at again because of it. */
    Set<ContainerId> apply(Event event) {
        if (event instanceof LinkEvent linkEvent) {
            return applyLink(linkEvent);
        }
        if (event instanceof PortEvent portEvent) {
            return applyPort(portEvent);
        }
        if (event instanceof ContainerEvent containerEvent) {
            return applyContainer(containerEvent);
        }
        if (event instanceof SourceListed source) {
            lost.remove(source.source());
            // Of a source that was heard all along a listing says nothing new: what differed was told before it.
            return listed.add(source.source()) ? everyContainer() : Set.of();
        }
        if (event instanceof SourceLost source) {
            listed.remove(source.source());
            lost.add(source.source());
            return everyContainer();
        }
        return Set.of();
    }

    private Set<ContainerId> applyLink(LinkEvent event) {
        Link link = event.link();
        Set<ContainerId> touched = new HashSet<>();
        Link before = links.remove(link.index());
        if (before != null) {
            forgetLink(before);
            touched.addAll(containersOf(before));
            touched.addAll(interestedIn(before));
        }
        if (event instanceof LinkVanished) {
            touched.stream()
                    .map(containers::get)
                    .filter(Objects::nonNull)
                    .forEach(container -> container.forget(link.index()));
            return touched;
        }
        links.put(link.index(), link);
        linkNames.put(link.name().value(), link.index());
        link.altNames().forEach(name -> linkNames.put(name, link.index()));
        if (link.isVethIntoNamespace()) {
            linksByNamespace
                    .computeIfAbsent(link.peerNamespace(), id -> new HashSet<>())
                    .add(link.index());
            boolean leadsThereAnew = before == null || before.peerNamespace() != link.peerNamespace();
            if (leadsThereAnew && !containersByNamespace.containsKey(link.peerNamespace())) {
                // The kernel numbers a namespace when the first link leads there: it may be one of these.
                withoutNamespace.stream().map(containers::get).forEach(ContainerView::doubtNamespace);
                touched.addAll(withoutNamespace);
            }
        }
        touched.addAll(containersOf(link));
        touched.addAll(interestedIn(link));
        return touched;
    }

    /**
     * Folds in what the kernel answered about a link, unless something has been heard of the link since the question: that
     * is as new as the answer or newer, and what is newest must stand.
     */
    void answered(Link asked, Link answer) {
        if (asked.equals(links.get(asked.index()))) {
            applyLink(new LinkChanged(asked, answer));
        }
    }

    private void forgetLink(Link link) {
        linkNames.remove(link.name().value(), link.index());
        link.altNames().forEach(name -> linkNames.remove(name, link.index()));
        linksByNamespace.computeIfPresent(link.peerNamespace(), (id, indexes) -> {
            indexes.remove(link.index());
            return indexes.isEmpty() ? null : indexes;
        });
    }

    private Set<ContainerId> applyPort(PortEvent event) {
        if (event instanceof BridgeAdded added) {
            bridges.put(added.bridge().name(), added.bridge());
            return everyContainer();
        }
        if (event instanceof BridgeChanged changed) {
            bridges.remove(changed.before().name());
            bridges.put(changed.bridge().name(), changed.bridge());
            return everyContainer();
        }
        if (event instanceof BridgeRemoved removed) {
            bridges.remove(removed.bridge().name());
            return everyContainer();
        }
        Set<ContainerId> touched = new HashSet<>();
        if (event instanceof PortAdded added) {
            putPort(added.port(), touched);
        } else if (event instanceof PortChanged changed) {
            removePort(changed.before(), touched);
            putPort(changed.port(), touched);
        } else if (event instanceof PortRemoved removed) {
            removePort(removed.port(), touched);
        }
        return touched;
    }

    private void putPort(Port port, Set<ContainerId> touched) {
        Port before = ports.get(port.name());
        if (before != null) {
            // A new row takes the place of one whose removal is heard of later, or not at all.
            removePort(before, touched);
        }
        ports.put(port.name(), port);
        marksOf(port)
                .ifPresent(marks -> ownPorts.computeIfAbsent(marks.container(), id -> new HashSet<>())
                        .add(port.name()));
        touch(port, touched);
    }

    private void removePort(Port port, Set<ContainerId> touched) {
        Port known = ports.get(port.name());
        if (known == null || !known.uuid().equals(port.uuid())) {
            // A row of the same name has taken its place already.
            touch(port, touched);
            return;
        }
        ports.remove(port.name());
        marksOf(known)
                .ifPresent(marks -> ownPorts.computeIfPresent(marks.container(), (id, names) -> {
                    names.remove(known.name());
                    return names.isEmpty() ? null : names;
                }));
        touch(known, touched);
    }

    private void touch(Port port, Set<ContainerId> touched) {
        marksOf(port).ifPresent(marks -> touched.add(marks.container()));
        linkNamed(port.name()).ifPresent(link -> touched.addAll(containersOf(link)));
        touched.addAll(interestedInName.getOrDefault(port.name(), Set.of()));
    }

    private Set<ContainerId> applyContainer(ContainerEvent event) {
        ContainerId id = event.container().id();
        ContainerView container = containers.computeIfAbsent(id, key -> new ContainerView(event.container()));
        if (event instanceof ContainerDefined) {
            container.defined(event.container(), true);
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
        withoutNamespace.add(id);
        return touched;
    }

    private Set<ContainerId> stopped(ContainerId id, ContainerView container) {
        Set<ContainerId> touched = leaveNeighbours(id, container);
        leaveNamespace(id, container);
        container.stopped();
        if (!container.isDefined()) {
            containers.remove(id);
        }
        return touched;
    }

    private Set<ContainerId> leaveNeighbours(ContainerId id, ContainerView container) {
        Set<ContainerId> touched = new HashSet<>(container.neighbours());
        touched.forEach(other -> container(other).ifPresent(view -> view.noNeighbour(id)));
        touched.add(id);
        return touched;
    }

    /**
     * Notes the id of a container's namespace, unless the container has been started anew meanwhile.
     *
     * @return the containers to look at because of it: those that are known to be in the same namespace
     */
    Set<ContainerId> resolved(ContainerId id, long initPid, int namespace) {
        ContainerView container = containers.get(id);
        if (container == null
                || container.initPid().isEmpty()
                || container.initPid().getAsLong() != initPid) {
            return Set.of();
        }
        leaveNamespace(id, container);
        if (namespace == Link.NO_NAMESPACE) {
            withoutNamespace.add(id);
            container.withoutNamespace();
            return leaveNeighbours(id, container);
        }
        container.namespace(namespace);
        Set<ContainerId> others = containersIn(namespace);
        containersByNamespace.computeIfAbsent(namespace, key -> new HashSet<>()).add(id);
        others.forEach(other -> container(other).ifPresent(view -> meet(id, container, other, view)));
        return others;
    }

    /**
     * Two containers have the same namespace, or the kernel has given the number of a namespace that is gone again: the one
     * that was known to be there is asked anew, once.
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
        containersByNamespace.computeIfPresent(container.namespace(), (key, ids) -> {
            ids.remove(id);
            return ids.isEmpty() ? null : ids;
        });
    }

    /** From now on, a change of whoever bears one of these names means: look at this container again. */
    void interest(ContainerId id, Collection<String> names) {
        names.forEach(name ->
                interestedInName.computeIfAbsent(name, key -> new HashSet<>()).add(id));
    }

    /** Takes back {@link #interest}. */
    void noInterest(ContainerId id, Collection<String> names) {
        names.forEach(name -> interestedInName.computeIfPresent(name, (key, ids) -> {
            ids.remove(id);
            return ids.isEmpty() ? null : ids;
        }));
    }

    private Set<ContainerId> containersOf(Link link) {
        return link.isVethIntoNamespace()
                ? containersByNamespace.getOrDefault(link.peerNamespace(), Set.of())
                : Set.of();
    }

    /** Those that want one of the link's names, or have a port of such a name. */
    private Set<ContainerId> interestedIn(Link link) {
        Set<ContainerId> interested = new HashSet<>();
        interestedIn(link.name().value(), interested);
        link.altNames().forEach(name -> interestedIn(name, interested));
        return interested;
    }

    private void interestedIn(String name, Set<ContainerId> interested) {
        interested.addAll(interestedInName.getOrDefault(name, Set.of()));
        portNamed(name).flatMap(this::marksOf).ifPresent(marks -> interested.add(marks.container()));
    }

    /** Every container that is known to LXC or has a port of ours. */
    Set<ContainerId> everyContainer() {
        Set<ContainerId> all = new HashSet<>(containers.keySet());
        all.addAll(ownPorts.keySet());
        return all;
    }

    /** Whether every source has said what there is, or that it cannot. */
    boolean isHeard() {
        return listed.size() + lost.size() == Source.values().length;
    }

    Set<String> bridgeNames() {
        return new TreeSet<>(bridges.keySet());
    }

    /** Whether a source has listed everything and has not been lost since. */
    boolean isListed(Source source) {
        return listed.contains(source);
    }

    Optional<ContainerView> container(ContainerId id) {
        return Optional.ofNullable(containers.get(id));
    }

    Optional<Link> link(int index) {
        return Optional.ofNullable(links.get(index));
    }

    /** The link that is found under this name, its own or an alternative one. */
    Optional<Link> linkNamed(String name) {
        return Optional.ofNullable(linkNames.get(name)).map(links::get);
    }

    /** The veths whose other end is in this namespace, in the order of their other ends. */
    List<Link> linksInto(int namespace) {
        List<Link> into = new ArrayList<>();
        for (int index : linksByNamespace.getOrDefault(namespace, Set.of())) {
            Link link = links.get(index);
            if (link != null) {
                into.add(link);
            }
        }
        into.sort(Comparator.comparingInt(Link::peerIndex).thenComparingInt(Link::index));
        return into;
    }

    /** Those that may share this container's namespace and are being asked whether they do. */
    Set<ContainerId> doubtfulNeighbours(ContainerView container) {
        Set<ContainerId> doubtful = new TreeSet<>();
        container
                .neighbours()
                .forEach(other -> container(other)
                        .filter(view -> view.isRunning() && !view.isResolved())
                        .ifPresent(view -> doubtful.add(other)));
        return doubtful;
    }

    /** The containers whose init is in this namespace. */
    Set<ContainerId> containersIn(int namespace) {
        return new TreeSet<>(containersByNamespace.getOrDefault(namespace, Set.of()));
    }

    /**
     * The link for which a port of ours was made, if it is still there. Its name has to agree: the kernel counts indexes
     * anew after a reboot, and the database does not forget.
     */
    Optional<Link> linkOf(Port port) {
        return marksOf(port).flatMap(marks -> link(marks.link())).filter(link -> link.answersTo(port.name()));
    }

    Optional<Port> portNamed(String name) {
        return Optional.ofNullable(ports.get(name));
    }

    /** The ports that bear our marks for this container, by name. */
    List<Port> portsOf(ContainerId container) {
        return ownPorts.getOrDefault(container, Set.of()).stream()
                .map(ports::get)
                .filter(Objects::nonNull)
                .sorted(Comparator.comparing(Port::name))
                .toList();
    }

    Optional<Bridge> bridge(String name) {
        return Optional.ofNullable(bridges.get(name));
    }

    /** Our marks on this port, if it bears them. */
    Optional<Marks> marksOf(Port port) {
        return Marks.of(port, owner);
    }

    String owner() {
        return owner;
    }
}
