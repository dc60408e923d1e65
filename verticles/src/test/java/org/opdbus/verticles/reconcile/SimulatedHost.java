// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.subjects.CompletableSubject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerEvent.ContainerDefined;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Event;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.LinkEvent.LinkChanged;
import org.opdbus.events.LinkEvent.LinkVanished;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.events.PortEvent.BridgeAdded;
import org.opdbus.events.PortEvent.PortAdded;
import org.opdbus.events.PortEvent.PortChanged;
import org.opdbus.events.PortEvent.PortRemoved;
import org.opdbus.events.Workload.LxcContainer;

/**
 * A host in memory: links, ports and containers that any program may change, and three sources that report the changes in their
 * own time. Each source keeps its own order; which source is heard first is random, as on a real host.
 */
final class SimulatedHost {
    static final String BRIDGE = "vmbr0";
    static final String OTHER_BRIDGE = "other0";
    private static final String LXC_PATH = "/var/lib/lxc";

    final Map<Integer, Link> links = new TreeMap<>();
    final Map<String, Port> ports = new TreeMap<>();
    final Map<ContainerId, Running> running = new TreeMap<>();
    final Set<ContainerId> defined;
    private final Random chance;
    /** Facts, and questions that are answered when the facts before them have been heard. */
    private final Map<Source, Deque<Object>> told = new LinkedHashMap<>();
    /** The names that each link has borne while it led into a container and the agent ran. */
    private final Map<Integer, Set<String>> names = new HashMap<>();

    /** Links of containers that have stopped. */
    private final List<Integer> lingering = new ArrayList<>();

    private final Map<String, Port> picture = new HashMap<>();

    /** The containers' ends of the links that the agent has made, by the links' indexes. */
    final Map<Integer, InnerEnd> innerEnds = new HashMap<>();

    /** The links that Docker and Podman have made. */
    private final Set<Integer> engineLinks = new HashSet<>();

    final SimulatedEngines engines;
    private int lastIndex = 10;
    private int lastOfport;
    private long lastPid = 1_000;
    private int lastNamespace;
    private boolean bridgesTold;
    boolean database = true;

    /** A container that runs. */
    record Running(long initPid, int namespace) {}

    /** A container's end of a link. */
    record InnerEnd(LinkName name, boolean up) {}

    SimulatedHost(Random chance, Set<ContainerId> defined) {
        this.chance = chance;
        this.defined = defined;
        for (Source source : Source.values()) {
            told.put(source, new ArrayDeque<>());
        }
        engines = new SimulatedEngines(chance, this::tell);
    }

    /** What a new run of the agent hears first. */
    void tellEverything() {
        told.values().forEach(Deque::clear);
        links.values().forEach(link -> tell(Source.NETLINK, new LinkAppeared(link)));
        tell(Source.NETLINK, new SourceListed(Source.NETLINK, links.size()));
        defined.forEach(id -> tell(Source.LXC, new ContainerDefined(container(id))));
        running.forEach((id, run) -> {
            if (!id.kind().isEngine()) {
                tell(Source.LXC, new ContainerStarted(container(id), run.initPid()));
            }
        });
        tell(Source.LXC, new SourceListed(Source.LXC, defined.size()));
        engines.tellEverything(this::pidOf);
        picture.clear();
        bridgesTold = false;
        if (database) {
            tellPorts();
        }
    }

    private void tellPorts() {
        if (!bridgesTold) {
            bridgesTold = true;
            tell(Source.OVSDB, new BridgeAdded(new Bridge(BRIDGE, "netdev")));
            tell(Source.OVSDB, new BridgeAdded(new Bridge(OTHER_BRIDGE, "system")));
        }
        tellDifferences();
        tell(Source.OVSDB, new SourceListed(Source.OVSDB, ports.size()));
    }

    /** Tells what has changed in the database since it was told last, in one go. */
    private void tellDifferences() {
        if (!database) {
            return;
        }
        List<Event> news = new ArrayList<>();
        new ArrayList<>(picture.values()).forEach(known -> {
            Port now = ports.get(known.name());
            if (now == null || !now.uuid().equals(known.uuid())) {
                news.add(new PortRemoved(known));
            } else if (!now.equals(known)) {
                news.add(new PortChanged(known, now));
            }
        });
        ports.values().forEach(now -> {
            Port known = picture.get(now.name());
            if (known == null || !known.uuid().equals(now.uuid())) {
                // A row that replaces one of the same name may be heard of before that one is gone.
                news.add(chance.nextBoolean() ? news.size() : 0, new PortAdded(now));
            }
        });
        picture.clear();
        picture.putAll(ports);
        news.forEach(event -> tell(Source.OVSDB, event));
    }

    private void tell(Source source, Event event) {
        Objects.requireNonNull(told.get(source)).add(event);
    }

    /** Completes when everything that the database has told so far has been heard. */
    Completable caughtUp() {
        CompletableSubject heard = CompletableSubject.create();
        Objects.requireNonNull(told.get(Source.OVSDB)).add(heard);
        return heard;
    }

    /** The next fact of a source that has one. */
    Optional<Event> next() {
        while (true) {
            List<Deque<Object>> waiting =
                    told.values().stream().filter(queue -> !queue.isEmpty()).toList();
            if (waiting.isEmpty()) {
                return Optional.empty();
            }
            Object next = waiting.get(chance.nextInt(waiting.size())).remove();
            if (next instanceof Event event) {
                return Optional.of(event);
            }
            ((CompletableSubject) next).onComplete();
        }
    }

    static LxcContainer container(ContainerId id) {
        return new LxcContainer(id, LXC_PATH);
    }

    private Optional<Long> pidOf(ContainerId id) {
        return Optional.ofNullable(running.get(id)).map(Running::initPid);
    }

    /** The container into which a link leads. */
    Optional<ContainerId> ownerOf(Link link) {
        return running.entrySet().stream()
                .filter(entry -> link.isVethIntoNamespace() && entry.getValue().namespace() == link.peerNamespace())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    List<Link> linksOf(ContainerId id) {
        return links.values().stream()
                .filter(link -> ownerOf(link).filter(id::equals).isPresent())
                .toList();
    }

    Optional<Link> linkNamed(String name) {
        return links.values().stream().filter(link -> link.answersTo(name)).findFirst();
    }

    // What others do.

    void start(ContainerId id, int count, boolean proxmox, boolean attached) {
        // The kernel gives the number of a namespace that is gone to the next one.
        int namespace = chance.nextInt(4) == 0 ? ++lastNamespace : freeNamespace();
        running.put(id, new Running(++lastPid, namespace));
        for (int n = 0; n < count; n++) {
            String name = proxmox ? "veth" + id + "i" + n : "veth" + Integer.toString(++lastIndex * 7919, 36);
            Optional<Link> made = plug(id, name);
            if (attached) {
                made.ifPresent(link -> addPort(
                        link.name().value(), BRIDGE, chance.nextBoolean() ? Optional.of(42) : Optional.empty()));
            }
        }
        tell(Source.LXC, new ContainerStarted(container(id), lastPid));
    }

    /** An engine starts a container, with a link of its own unless it has {@code --network none}. */
    void startInEngine(ContainerId id) {
        int namespace = chance.nextInt(4) == 0 ? ++lastNamespace : freeNamespace();
        running.put(id, new Running(++lastPid, namespace));
        if (!engines.of(id).isWithoutNetwork()) {
            plugByEngine(id);
        }
        engines.started(id, lastPid);
    }

    /** An engine connects a container to a network of its own. */
    void plugByEngine(ContainerId id) {
        plug(id, "veth" + Integer.toString(++lastIndex * 7919, 36)).ifPresent(link -> {
            change(link.withUp());
            engineLinks.add(link.index());
        });
    }

    /** An engine's container ends. */
    void stopInEngine(ContainerId id) {
        List<Link> gone = linksOf(id);
        running.remove(id);
        boolean linger = chance.nextInt(3) == 0;
        Runnable told = () -> engines.stopped(id, chance.nextInt(3) == 0);
        boolean first = chance.nextBoolean();
        if (first) {
            told.run();
        }
        gone.forEach(link -> {
            if (linger) {
                linger(link);
            } else {
                removeLink(link.index());
            }
        });
        if (!first) {
            told.run();
        }
    }

    /** Whether an engine has made this link, and not the agent. */
    boolean isOfEngine(Link link) {
        return engineLinks.contains(link.index());
    }

    /** The links of an engine's container that the agent has made. */
    List<Link> ownLinksOf(ContainerId id) {
        return linksOf(id).stream().filter(link -> !isOfEngine(link)).toList();
    }

    /** The engine's API is back. */
    void regainEngine(Source source) {
        engines.regain(source, this::pidOf);
    }

    private int freeNamespace() {
        for (int namespace = 0; ; namespace++) {
            int wanted = namespace;
            if (running.values().stream().noneMatch(run -> run.namespace() == wanted)) {
                lastNamespace = Math.max(lastNamespace, namespace);
                return namespace;
            }
        }
    }

    Optional<Link> plug(ContainerId id, String name) {
        return linkNamed(name).isPresent()
                ? Optional.empty()
                : Optional.of(addLink(
                        name, "veth", Objects.requireNonNull(running.get(id)).namespace()));
    }

    /** A port is made first, and its link is moved into the container afterwards. */
    Optional<Link> plugAttached(ContainerId id, String name, Optional<Integer> tag) {
        if (isKnown(name) || ports.containsKey(name)) {
            return Optional.empty();
        }
        Link made = addLink(name, "veth", Link.NO_NAMESPACE);
        addPort(name, BRIDGE, tag);
        Link moved = leadingInto(made, Objects.requireNonNull(running.get(id)).namespace());
        change(moved);
        return Optional.of(moved);
    }

    void stop(ContainerId id, boolean lxcRemovesItsPorts) {
        List<Link> gone = linksOf(id);
        running.remove(id);
        tell(Source.LXC, new ContainerStopped(container(id), "test"));
        boolean linger = chance.nextInt(3) == 0;
        gone.forEach(link -> {
            if (linger) {
                linger(link);
            } else {
                removeLink(link.index());
            }
            if (lxcRemovesItsPorts && link.name().value().startsWith("veth")) {
                removePort(link.name().value());
            }
        });
    }

    /**
     * The kernel takes away a namespace some time after its last process has ended. Until then it shows the link without a peer
     * namespace, and sends no message about that.
     */
    private void linger(Link link) {
        links.put(link.index(), leadingInto(link, Link.NO_NAMESPACE));
        lingering.add(link.index());
    }

    /** Whether this is a link of a container that has stopped. */
    boolean lingers(Link link) {
        return lingering.contains(link.index());
    }

    /** The kernel takes away the links of containers that have stopped. */
    void takeAwayLingering() {
        lingering.forEach(this::removeLink);
        lingering.clear();
    }

    Link addLink(String name, String kind, int peerNamespace) {
        int index = ++lastIndex;
        Link link = new Link(
                index, new LinkName(name), List.of(), kind, Optional.empty(), 2, peerNamespace, 0, false, false);
        links.put(index, link);
        noteName(link);
        tell(Source.NETLINK, new LinkAppeared(link));
        refreshPorts();
        return link;
    }

    void change(Link link) {
        Link before = links.put(link.index(), link);
        noteName(link);
        if (before != null && !before.equals(link)) {
            tell(Source.NETLINK, new LinkChanged(before, link));
        }
        refreshPorts();
    }

    private void noteName(Link link) {
        if (link.isVethIntoNamespace()) {
            names.computeIfAbsent(link.index(), index -> new TreeSet<>())
                    .add(link.name().value());
        }
    }

    /** A new run of the agent can know no earlier names. */
    void forgetNames() {
        names.clear();
        links.values().forEach(this::noteName);
    }

    /** The names that a link has borne while it led into a container and the present run of the agent could hear it. */
    Set<String> namesOf(int index) {
        return names.getOrDefault(index, Set.of());
    }

    /** Whether a link bears this name or has borne it. */
    boolean isKnown(String name) {
        return linkNamed(name).isPresent() || names.values().stream().anyMatch(borne -> borne.contains(name));
    }

    /** Whether no other link that is there has borne this name. */
    boolean hasBorneAlone(Link link, String name) {
        return names.entrySet().stream()
                .noneMatch(other ->
                        other.getKey() != link.index() && other.getValue().contains(name));
    }

    void removeLink(int index) {
        names.remove(index);
        engineLinks.remove(index);
        innerEnds.remove(index);
        Link link = links.remove(index);
        if (link != null) {
            tell(Source.NETLINK, new LinkVanished(link));
        }
    }

    static Link with(Link link, LinkName name, List<String> altNames, boolean up) {
        return new Link(
                link.index(),
                name,
                altNames,
                link.kind(),
                link.mac(),
                link.peerIndex(),
                link.peerNamespace(),
                link.master(),
                up,
                link.carrier());
    }

    private static Link leadingInto(Link link, int namespace) {
        return new Link(
                link.index(),
                link.name(),
                link.altNames(),
                link.kind(),
                link.mac(),
                link.peerIndex(),
                namespace,
                link.master(),
                link.up(),
                link.carrier());
    }

    void addPort(String name, String bridge, Optional<Integer> tag) {
        addPort(name, bridge, tag, Map.of());
    }

    void addPort(String name, String bridge, Optional<Integer> tag, Map<String, String> ids) {
        ports.put(
                name,
                new Port(
                        UUID.nameUUIDFromBytes(new byte[] {
                                    (byte) chance.nextInt(), (byte) ++lastOfport, (byte) (lastOfport >> 8)
                                })
                                .toString(),
                        name,
                        bridge,
                        tag,
                        Set.of(),
                        Optional.empty(),
                        ids,
                        "",
                        0,
                        Optional.empty()));
        tellDifferences();
        refreshPorts();
    }

    void removePort(String name) {
        if (ports.remove(name) != null) {
            tellDifferences();
        }
    }

    /** Another hand takes a port away and puts a bare one of the same name in its place, in one transaction. */
    void replacePort(String name, String bridge) {
        ports.remove(name);
        addPort(name, bridge, Optional.empty());
    }

    void put(Port port) {
        ports.put(port.name(), port);
        tellDifferences();
    }

    static Port with(Port port, String bridge, Optional<Integer> tag, Map<String, String> ids) {
        return new Port(
                port.uuid(),
                port.name(),
                bridge,
                tag,
                port.trunks(),
                port.vlanMode(),
                ids,
                port.interfaceType(),
                port.ofport(),
                port.error());
    }

    /** What ovs-vswitchd does: a port whose link is there becomes live; one that is live stays so, as measured. */
    private void refreshPorts() {
        if (!database) {
            return;
        }
        new ArrayList<>(ports.values()).forEach(port -> {
            boolean link =
                    links.values().stream().anyMatch(it -> it.name().value().equals(port.name()));
            if (!port.isLive()) {
                Optional<String> error = link ? Optional.empty() : Optional.of("No such device");
                int ofport = link ? ++lastOfport : -1;
                if (link || port.ofport() != -1) {
                    ports.put(
                            port.name(),
                            new Port(
                                    port.uuid(),
                                    port.name(),
                                    port.bridge(),
                                    port.tag(),
                                    port.trunks(),
                                    port.vlanMode(),
                                    port.externalIds(),
                                    port.interfaceType(),
                                    ofport,
                                    error));
                }
            }
        });
        tellDifferences();
    }

    void loseDatabase() {
        if (database) {
            database = false;
            tell(Source.OVSDB, new SourceLost(Source.OVSDB, "test"));
        }
    }

    void regainDatabase(Optional<Map<String, Port>> older) {
        if (!database) {
            older.ifPresent(copy -> {
                ports.clear();
                ports.putAll(copy);
            });
            database = true;
            tellPorts();
            refreshPorts();
        }
    }

    /** Everything ends and the kernel counts anew; the database stays. */
    void reboot() {
        new ArrayList<>(running.keySet()).forEach(id -> {
            if (id.kind().isEngine()) {
                stopInEngine(id);
            } else {
                stop(id, false);
            }
        });
        lingering.clear();
        new ArrayList<>(links.keySet()).forEach(this::removeLink);
        lastIndex = 10;
    }
}
