// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.AnswerEvent;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.ContainerEvent.ContainerRemoved;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerLeft;
import org.opdbus.events.Event;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent;
import org.opdbus.events.Port;
import org.opdbus.events.PortEvent;
import org.opdbus.events.PortEvent.PortRemoved;
import org.opdbus.events.ProxmoxEvent;
import org.opdbus.events.Workload.VirtualMachine;

/**
 * What is observed on this host and what the agent has enrolled, folded from the facts on the bus.
 *
 * <p>{@link #apply} is the only writer; everything else reads. It costs O(1) for a link or port. Confined to one thread.
 */
public final class HostView {
    private static final Set<Source> AWAITED = Arrays.stream(Source.values())
            .filter(Source::isEverywhere)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Source.class)));

    private final String owner;
    private final Set<Source> listed = EnumSet.noneOf(Source.class);
    private final Set<Source> lost = EnumSet.noneOf(Source.class);
    private final Indexes indexes;
    private final LinkFold links;
    private final PortFold ports;
    private final AnswerFold answers;
    private final ProxmoxPicture proxmox;
    private final Enrollments enrollments;

    /**
     * The knowledge of the agent at its start.
     *
     * @param owner the name of this host, which marks its ports
     * @param proxmoxExpected whether the agent must wait for Proxmox's facts before it may decide that a link is not Proxmox's
     * @param run a random number that distinguishes this run of the agent from all others
     * @param open the enrolments that are open according to the ledger
     */
    public record Start(String owner, boolean proxmoxExpected, long run, Collection<Enrollment> open) {
        public Start {
            open = List.copyOf(open);
        }
    }

    /** Creates an empty view, in which no source has listed yet. */
    public HostView(Start start) {
        owner = start.owner();
        proxmox = new ProxmoxPicture(start.proxmoxExpected());
        indexes = new Indexes(owner);
        links = new LinkFold(indexes, this::isListed);
        ports = new PortFold(indexes);
        answers = new AnswerFold(indexes, links);
        enrollments = new Enrollments(start.run(), start.open());
    }

    /** Folds in a fact. Returns the containers that the router must check again because of it, and which parts of them. */
    public Touched apply(Event event) {
        if (event instanceof LinkEvent link) {
            return links.apply(link);
        }
        if (event instanceof PortEvent port) {
            Touched touched = ports.apply(port);
            if (port instanceof PortRemoved) {
                touched.ids().forEach(this::forgetIfOver);
            }
            return touched;
        }
        if (event instanceof SourceListed source) {
            return listed(source.source());
        }
        if (event instanceof SourceLost source) {
            listed.remove(source.source());
            lost.add(source.source());
            // A namespace that one of its containers had can be another container's from now on.
            indexes.containers.doubtNamespaces();
            return new Touched().everythingOf(everyContainer());
        }
        if (event instanceof ProxmoxEvent configuration) {
            return new Touched()
                    .everythingOf(proxmox.apply(configuration).map(Set::of).orElseGet(this::everyContainer));
        }
        return applyOfContainer(event);
    }

    private Touched listed(Source source) {
        Touched touched = new Touched();
        lost.remove(source);
        if (source == Source.NETLINK) {
            links.release(touched);
        }
        // A listing of a source that was never lost adds nothing: the source has published the differences before it.
        if (listed.add(source)) {
            touched.everythingOf(everyContainer());
            // A container can have gone before this run of the agent, and its port with it.
            touched.everythingOf(enrollments.containers());
        }
        return touched;
    }

    private Touched applyOfContainer(Event event) {
        if (event instanceof ContainerEvent container) {
            Touched touched = new Touched().everythingOf(indexes.containers.apply(container));
            if (container instanceof ContainerStopped || container instanceof ContainerRemoved) {
                forgetIfOver(container.container().id());
            }
            return touched;
        }
        Touched touched = enrollments.apply(event);
        if (event instanceof AnswerEvent answer) {
            answers.apply(answer, touched);
        } else if (event instanceof ContainerLeft left) {
            forgetIfOver(left.container());
        }
        return touched;
    }

    /** Forgets a container that does not run and has no port any more. */
    private void forgetIfOver(ContainerId id) {
        boolean running = container(id).filter(ContainerView::isRunning).isPresent();
        if (!running && portsOf(id).isEmpty()) {
            enrollments.forget(id);
        }
    }

    /** Returns the open enrolments. */
    public Enrollments enrollments() {
        return enrollments;
    }

    /** Returns every container that its source knows or that has a port of ours. */
    public Set<ContainerId> everyContainer() {
        return indexes.everyContainer();
    }

    /** Returns whether LXC knows a container or it has a port of ours. */
    public boolean isThere(ContainerId id) {
        return indexes.containers.ids().contains(id)
                || indexes.ports.containers().contains(id);
    }

    /** Returns whether every source that each host has has listed what exists, or has reported that it cannot. */
    public boolean isHeard() {
        return isHeard(AWAITED) && proxmox.isHeard();
    }

    /** Returns whether each of these sources has listed what exists, or has reported that it cannot. */
    public boolean isHeard(Set<Source> sources) {
        return sources.stream().allMatch(source -> listed.contains(source) || lost.contains(source));
    }

    public Set<String> bridgeNames() {
        return new TreeSet<>(indexes.bridges.keySet());
    }

    /** Returns whether a source has listed everything and has not been lost since. */
    public boolean isListed(Source source) {
        return listed.contains(source);
    }

    /** Returns whether the source that tells of this workload has listed everything and has not been lost since. */
    public boolean isListed(ContainerId id) {
        return listed.contains(Source.of(id.kind()));
    }

    public Optional<ContainerView> container(ContainerId id) {
        return indexes.containers.of(id);
    }

    public Optional<Link> link(int index) {
        return indexes.links.of(index);
    }

    /** Returns the link with this name, its own or an alternative one. */
    public Optional<Link> linkNamed(String name) {
        return indexes.links.named(name);
    }

    /**
     * Returns the links of a running workload: the veths whose other end is in its namespace, in the order of their other ends;
     * the taps of a virtual machine, in the order of its devices.
     */
    public List<Link> linksOf(ContainerView container) {
        return container.container() instanceof VirtualMachine machine
                ? machine.taps().stream()
                        .flatMap(tap -> indexes.links.of(tap.index()).stream())
                        .filter(link -> containersOf(link).contains(machine.id()))
                        .toList()
                : linksInto(container.namespace());
    }

    /** Returns whether a link is one of {@link #linksOf}. */
    public boolean isOf(ContainerView container, Link link) {
        return container.container() instanceof VirtualMachine machine
                ? containersOf(link).contains(machine.id())
                : link.isVethIntoNamespace() && link.peerNamespace() == container.namespace();
    }

    /** Returns the veths whose other end is in this namespace, in the order of their other ends. */
    public List<Link> linksInto(int namespace) {
        return indexes.links.into(namespace);
    }

    /** Returns the containers that may share this container's namespace while the agent asks the kernel whether they do. */
    public Set<ContainerId> doubtfulNeighbours(ContainerView container) {
        return indexes.containers.doubtfulNeighbours(container);
    }

    /** Returns the containers whose init is in this namespace. */
    public Set<ContainerId> containersIn(int namespace) {
        return indexes.containers.in(namespace);
    }

    /** Returns the containers into which this link leads. */
    public Set<ContainerId> containersOf(Link link) {
        return indexes.containersOf(link);
    }

    /**
     * Returns the link of a port of ours, if the link still exists. The name must agree, too: after a reboot the kernel gives
     * indexes out again, while the database still has the old rows.
     */
    public Optional<Link> linkOf(Port port) {
        return marksOf(port).flatMap(marks -> link(marks.link())).filter(link -> link.answersTo(port.name()));
    }

    /** Returns the names that a container's link had before renames, the earliest first. */
    public List<String> formerNamesOf(Link link) {
        return indexes.formerNames.of(link.index());
    }

    /**
     * Returns the port that has an earlier name of this link and no marks of any agent: another program made it for this link,
     * which it knew by that name. No other link has the name.
     */
    public Optional<Port> portUnderFormerName(Link link) {
        return indexes.portUnderFormerName(link);
    }

    public Optional<Port> portNamed(String name) {
        return indexes.ports.named(name);
    }

    /** Returns the ports that have our marks for this container, sorted by name. */
    public List<Port> portsOf(ContainerId container) {
        return indexes.ports.of(container);
    }

    /** Returns the ports that have our marks for this link of the container, sorted by name. */
    public List<Port> portsOf(ContainerId container, int link) {
        return indexes.ports.of(container, link);
    }

    public Optional<Bridge> bridge(String name) {
        return Optional.ofNullable(indexes.bridges.get(name));
    }

    /** Returns our marks on this port, if it has them. */
    public Optional<PortOwner> marksOf(Port port) {
        return indexes.ports.marksOf(port);
    }

    /** Returns Proxmox's configuration. */
    public ProxmoxPicture proxmox() {
        return proxmox;
    }

    /** Returns whether a port has our marks for this link of the container. */
    public boolean isOurs(ContainerId container, int link, Port port) {
        return marksOf(port)
                .filter(marks -> marks.container().equals(container) && marks.link() == link)
                .isPresent();
    }

    public String owner() {
        return owner;
    }
}
