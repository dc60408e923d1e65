// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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

/**
 * What is observed on this host and what the agent has enrolled, folded from the facts on the bus.
 *
 * <p>{@link #apply} is the only writer; everything else reads. It costs O(1) for a link or port. Confined to one thread.
 */
public final class HostView {
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
     * What a run of the agent knows at its start.
     *
     * @param owner the name of this host, by which its ports are known
     * @param proxmoxExpected whether facts of Proxmox's are to be expected before a link may be taken for none of Proxmox's
     * @param run a random number that tells this run of the agent from every other
     * @param open the enrolments that the ledger says are open
     */
    public record Start(String owner, boolean proxmoxExpected, long run, Collection<Enrollment> open) {
        public Start {
            open = List.copyOf(open);
        }
    }

    /** A view for the agent of this host, of which nothing has been heard yet. */
    public HostView(Start start) {
        owner = start.owner();
        proxmox = new ProxmoxPicture(start.proxmoxExpected());
        indexes = new Indexes(owner);
        links = new LinkFold(indexes);
        ports = new PortFold(indexes);
        answers = new AnswerFold(indexes, links);
        enrollments = new Enrollments(start.run(), start.open());
    }

    /** Folds in a fact and says which containers to look at again because of it, and for what. */
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
        // Of a source that was heard all along a listing says nothing new: what differed was told before it.
        return listed.add(source) ? touched.everythingOf(everyContainer()) : touched;
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

    /** Of a container that does not run and has no port any more, nothing is to be remembered. */
    private void forgetIfOver(ContainerId id) {
        boolean running = container(id).filter(ContainerView::isRunning).isPresent();
        if (!running && portsOf(id).isEmpty()) {
            enrollments.forget(id);
        }
    }

    /** The enrolments that are open. */
    public Enrollments enrollments() {
        return enrollments;
    }

    /** Every container that is known to LXC or has a port of ours. */
    public Set<ContainerId> everyContainer() {
        return indexes.everyContainer();
    }

    /** Whether a container is known to LXC or has a port of ours. */
    public boolean isThere(ContainerId id) {
        return indexes.containers.ids().contains(id)
                || indexes.ports.containers().contains(id);
    }

    /** Whether every source has said what there is, or that it cannot. */
    public boolean isHeard() {
        return listed.size() + lost.size() == Source.values().length && proxmox.isHeard();
    }

    public Set<String> bridgeNames() {
        return new TreeSet<>(indexes.bridges.keySet());
    }

    /** Whether a source has listed everything and has not been lost since. */
    public boolean isListed(Source source) {
        return listed.contains(source);
    }

    public Optional<ContainerView> container(ContainerId id) {
        return indexes.containers.of(id);
    }

    public Optional<Link> link(int index) {
        return indexes.links.of(index);
    }

    /** The link that is found under this name, its own or an alternative one. */
    public Optional<Link> linkNamed(String name) {
        return indexes.links.named(name);
    }

    /** The veths whose other end is in this namespace, in the order of their other ends. */
    public List<Link> linksInto(int namespace) {
        return indexes.links.into(namespace);
    }

    /** Those that may share this container's namespace and are being asked whether they do. */
    public Set<ContainerId> doubtfulNeighbours(ContainerView container) {
        return indexes.containers.doubtfulNeighbours(container);
    }

    /** The containers whose init is in this namespace. */
    public Set<ContainerId> containersIn(int namespace) {
        return indexes.containers.in(namespace);
    }

    /** The containers into which this link leads. */
    public Set<ContainerId> containersOf(Link link) {
        return indexes.containersOf(link);
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
        return indexes.formerNames.of(link.index());
    }

    /**
     * A port that bears an earlier name of this link and nobody's marks: another hand made it for this link, which it knew
     * by that name. No other link bears the name.
     */
    public Optional<Port> portUnderFormerName(Link link) {
        return indexes.portUnderFormerName(link);
    }

    public Optional<Port> portNamed(String name) {
        return indexes.ports.named(name);
    }

    /** The ports that bear our marks for this container, by name. */
    public List<Port> portsOf(ContainerId container) {
        return indexes.ports.of(container);
    }

    /** The ports that bear our marks for this link of the container, by name. */
    public List<Port> portsOf(ContainerId container, int link) {
        return indexes.ports.of(container, link);
    }

    public Optional<Bridge> bridge(String name) {
        return Optional.ofNullable(indexes.bridges.get(name));
    }

    /** Our marks on this port, if it bears them. */
    public Optional<PortOwner> marksOf(Port port) {
        return indexes.ports.marksOf(port);
    }

    /** What Proxmox has configured. */
    public ProxmoxPicture proxmox() {
        return proxmox;
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
