// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerEvent;
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
import org.opdbus.events.ProxmoxEvent;

/**
 * What is observed on this host, folded from the facts on the bus.
 *
 * <p>{@link #apply} costs O(1) for a link or port. Confined to one thread.
 */
public final class HostView {
    private final String owner;
    private final Set<Source> listed = EnumSet.noneOf(Source.class);
    private final Set<Source> lost = EnumSet.noneOf(Source.class);
    private final LinkIndex links = new LinkIndex();
    private final PortIndex ports;
    private final FormerNames formerNames = new FormerNames();
    private final KernelAnswers answers = new KernelAnswers();
    private final ProxmoxPicture proxmox;
    private final ContainerIndex containers = new ContainerIndex();
    private final Map<String, Bridge> bridges = new HashMap<>();
    private final Map<String, Set<ContainerId>> interestedInName = new HashMap<>();

    /** A view for the agent of this host, which owns the ports that name it. */
    public HostView(String owner) {
        this(owner, false);
    }

    /** The same, and whether facts of Proxmox's are to be expected before a link may be taken for none of Proxmox's. */
    public HostView(String owner, boolean proxmoxExpected) {
        this.owner = owner;
        proxmox = new ProxmoxPicture(proxmoxExpected);
        ports = new PortIndex(owner);
    }

    /** Folds in a fact and says which containers to look at again because of it, and for what. */
    public Touched apply(Event event) {
        if (event instanceof LinkEvent linkEvent) {
            return answers.isOlder(linkEvent) ? new Touched() : applyLink(linkEvent, new Touched());
        }
        if (event instanceof PortEvent portEvent) {
            return applyPort(portEvent);
        }
        Touched touched = new Touched();
        if (event instanceof ContainerEvent containerEvent) {
            return touched.everythingOf(containers.apply(containerEvent));
        }
        if (event instanceof ProxmoxEvent proxmoxEvent) {
            return touched.everythingOf(proxmox.apply(proxmoxEvent).map(Set::of).orElseGet(this::everyContainer));
        }
        if (event instanceof SourceListed source) {
            lost.remove(source.source());
            if (source.source() == Source.NETLINK) {
                answers.release().forEach(older -> applyLink(older, touched));
            }
            // Of a source that was heard all along a listing says nothing new: what differed was told before it.
            return listed.add(source.source()) ? touched.everythingOf(everyContainer()) : touched;
        }
        if (event instanceof SourceLost source) {
            listed.remove(source.source());
            lost.add(source.source());
            return touched.everythingOf(everyContainer());
        }
        return touched;
    }

    private Touched applyLink(LinkEvent event, Touched touched) {
        Link link = event.link();
        Optional<Link> before = links.remove(link.index());
        before.ifPresent(old -> touchBearer(old, touched));
        if (event instanceof LinkVanished) {
            formerNames.forget(link.index());
            before.map(this::containersOf)
                    .orElse(Set.of())
                    .forEach(id -> container(id).ifPresent(container -> container.forget(link.index())));
            touched.forEach((id, stale) -> stale.markLeftovers());
            return touched;
        }
        links.put(link);
        before.ifPresent(old -> formerNames.changed(old, link));
        touchBearer(link, touched);
        boolean leadsThereAnew = before.filter(old -> old.peerNamespace() == link.peerNamespace())
                .isEmpty();
        if (leadsThereAnew) {
            touched.forEach((id, stale) -> stale.markLeftovers());
            if (link.isVethIntoNamespace() && containers.countIn(link.peerNamespace()) == 0) {
                // The kernel numbers a namespace when the first link leads there: it may be one of these.
                touched.everythingOf(containers.doubtNamespaces());
            }
        }
        return touched;
    }

    /**
     * Folds in what the kernel answered about a link, unless something has been heard of the link since the question: that
     * is as new as the answer or newer, and what is newest must stand. Says who is to look at it, as {@link #apply} does.
     */
    public Touched answered(Link asked, Link answer) {
        if (links.of(asked.index()).filter(asked::equals).isEmpty()) {
            return new Touched();
        }
        answers.put(asked, answer);
        return applyLink(new LinkChanged(asked, answer), new Touched());
    }

    /** The containers of a link, those that want one of its names, and those that have a port of such a name. */
    private void touchBearer(Link link, Touched touched) {
        containersOf(link).forEach(id -> touched.of(id).markLink(link.index()));
        touchName(link.name().value(), link, touched);
        link.altNames().forEach(name -> touchName(name, link, touched));
    }

    private void touchName(String name, Link bearer, Touched touched) {
        touchFormerBearers(name, touched);
        interestedInName
                .getOrDefault(name, Set.of())
                .forEach(id -> touched.of(id).markName(name));
        portNamed(name).flatMap(this::marksOf).ifPresent(marks -> {
            Stale stale = touched.of(marks.container());
            stale.markLink(marks.link());
            if (marks.link() != bearer.index() || !containersOf(bearer).contains(marks.container())) {
                // The port is of a link that is not the container's, or not any more.
                stale.markLeftovers();
            }
        });
    }

    /** What bears a name decides whether a port of that name can stand for a link that bore it earlier. */
    private void touchFormerBearers(String name, Touched touched) {
        formerNames
                .bearersOf(name)
                .forEach(index -> link(index)
                        .ifPresent(link ->
                                containersOf(link).forEach(id -> touched.of(id).markLink(index))));
    }

    private Touched applyPort(PortEvent event) {
        Touched touched = new Touched();
        if (event instanceof BridgeAdded added) {
            bridges.put(added.bridge().name(), added.bridge());
            return touched.everythingOf(everyContainer());
        }
        if (event instanceof BridgeChanged changed) {
            bridges.remove(changed.before().name());
            bridges.put(changed.bridge().name(), changed.bridge());
            return touched.everythingOf(everyContainer());
        }
        if (event instanceof BridgeRemoved removed) {
            bridges.remove(removed.bridge().name());
            return touched.everythingOf(everyContainer());
        }
        if (event instanceof PortAdded added) {
            putPort(added.port(), touched);
        } else if (event instanceof PortChanged changed) {
            removePort(changed.before(), touched);
            putPort(changed.port(), touched);
            if (!PortOwner.identityOf(changed.before()).equals(PortOwner.identityOf(changed.port()))) {
                touched.forEach((id, stale) -> stale.markLeftovers());
            }
        } else if (event instanceof PortRemoved removed) {
            removePort(removed.port(), touched);
            touched.forEach((id, stale) -> stale.markLeftovers());
        }
        return touched;
    }

    private void putPort(Port port, Touched touched) {
        // A new row takes the place of one whose removal is heard of later, or not at all.
        portNamed(port.name()).ifPresent(before -> removePort(before, touched));
        ports.put(port);
        touch(port, touched);
    }

    private void removePort(Port port, Touched touched) {
        Optional<Port> known = portNamed(port.name());
        if (known.filter(it -> it.uuid().equals(port.uuid())).isEmpty()) {
            // A row of the same name has taken its place already.
            touch(port, touched);
            return;
        }
        touch(known.get(), touched);
        ports.remove(port.name());
    }

    private void touch(Port port, Touched touched) {
        Optional<Link> bearer = linkNamed(port.name());
        marksOf(port).ifPresent(marks -> {
            Stale stale = touched.of(marks.container());
            stale.markLink(marks.link());
            if (bearer.filter(link ->
                            link.index() == marks.link() && containersOf(link).contains(marks.container()))
                    .isEmpty()) {
                stale.markLeftovers();
            }
        });
        bearer.ifPresent(link -> containersOf(link).forEach(id -> touched.of(id).markLink(link.index())));
        touchFormerBearers(port.name(), touched);
        interestedInName
                .getOrDefault(port.name(), Set.of())
                .forEach(id -> touched.of(id).markName(port.name()));
    }

    /** As {@link ContainerIndex#resolved}. */
    public Touched resolved(ContainerId id, long initPid, int namespace) {
        return new Touched().everythingOf(containers.resolved(id, initPid, namespace));
    }

    /** From now on, a change of whoever bears one of these names means: look at this container again. */
    public void interest(ContainerId id, Collection<String> names) {
        names.forEach(name ->
                interestedInName.computeIfAbsent(name, key -> new HashSet<>()).add(id));
    }

    /** Takes back {@link #interest}. */
    public void noInterest(ContainerId id, Collection<String> names) {
        names.forEach(name -> interestedInName.computeIfPresent(name, (key, ids) -> {
            ids.remove(id);
            return ids.isEmpty() ? null : ids;
        }));
    }

    private Set<ContainerId> containersOf(Link link) {
        return link.isVethIntoNamespace() ? containers.in(link.peerNamespace()) : Set.of();
    }

    /** Every container that is known to LXC or has a port of ours. */
    public Set<ContainerId> everyContainer() {
        Set<ContainerId> all = new HashSet<>(containers.ids());
        all.addAll(ports.containers());
        return all;
    }

    /** Whether every source has said what there is, or that it cannot. */
    public boolean isHeard() {
        return listed.size() + lost.size() == Source.values().length && proxmox.isHeard();
    }

    public Set<String> bridgeNames() {
        return new TreeSet<>(bridges.keySet());
    }

    /** Whether a source has listed everything and has not been lost since. */
    public boolean isListed(Source source) {
        return listed.contains(source);
    }

    public Optional<ContainerView> container(ContainerId id) {
        return containers.of(id);
    }

    public Optional<Link> link(int index) {
        return links.of(index);
    }

    /** The link that is found under this name, its own or an alternative one. */
    public Optional<Link> linkNamed(String name) {
        return links.named(name);
    }

    /** The veths whose other end is in this namespace, in the order of their other ends. */
    public List<Link> linksInto(int namespace) {
        return links.into(namespace);
    }

    /** Those that may share this container's namespace and are being asked whether they do. */
    public Set<ContainerId> doubtfulNeighbours(ContainerView container) {
        return containers.doubtfulNeighbours(container);
    }

    /** The containers whose init is in this namespace. */
    public Set<ContainerId> containersIn(int namespace) {
        return containers.in(namespace);
    }

    /**
     * The link for which a port of ours was made, if it is still there. Its name has to agree: the kernel counts indexes
     * anew after a reboot, and the database does not forget.
     */
    public Optional<Link> linkOf(Port port) {
        return marksOf(port).flatMap(marks -> link(marks.link())).filter(link -> link.answersTo(port.name()));
    }

    /** The names that a link of a container bore before it was renamed, the earliest first. */
    public List<String> formerNamesOf(Link link) {
        return formerNames.of(link.index());
    }

    /**
     * A port that bears an earlier name of this link and nobody's marks: another hand made it for this link, which it knew
     * by that name. No other link bears the name.
     */
    public Optional<Port> portUnderFormerName(Link link) {
        return formerNamesOf(link).stream()
                .filter(name -> linkNamed(name).isEmpty())
                .flatMap(name -> portNamed(name).stream())
                .filter(port -> marksOf(port).isEmpty() && isOfSystemLink(port))
                .findFirst();
    }

    /** Whether the port is of a link that exists without Open vSwitch. */
    private static boolean isOfSystemLink(Port port) {
        return port.interfaceType().isEmpty() || port.interfaceType().equals("system");
    }

    public Optional<Port> portNamed(String name) {
        return ports.named(name);
    }

    /** The ports that bear our marks for this container, by name. */
    public List<Port> portsOf(ContainerId container) {
        return ports.of(container);
    }

    /** The ports that bear our marks for this link of the container, by name. */
    public List<Port> portsOf(ContainerId container, int link) {
        return ports.of(container, link);
    }

    public Optional<Bridge> bridge(String name) {
        return Optional.ofNullable(bridges.get(name));
    }

    /** Our marks on this port, if it bears them. */
    public Optional<PortOwner> marksOf(Port port) {
        return ports.marksOf(port);
    }

    /** What Proxmox has configured. */
    public ProxmoxPicture proxmox() {
        return proxmox;
    }

    /** Looks again at the link of this name. */
    public Touched touchName(String name) {
        Touched touched = new Touched();
        linkNamed(name)
                .ifPresent(
                        link -> containersOf(link).forEach(id -> touched.of(id).markLink(link.index())));
        return touched;
    }

    /** Whether a port bears our marks for this link of the container. */
    public boolean isOurs(ContainerId container, int link, Port port) {
        return marksOf(port)
                .filter(marks -> marks.container().equals(container) && marks.link() == link)
                .isPresent();
    }

    public String owner() {
        return owner;
    }
}
