// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import static org.opdbus.verticles.reconcile.Standing.LEFT_ALONE;
import static org.opdbus.verticles.reconcile.Standing.STOPPED;
import static org.opdbus.verticles.reconcile.Standing.WAITING;
import static org.opdbus.verticles.reconcile.Standing.WITHOUT_LINK;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.reconcile.Action.RecordLeft;
import org.opdbus.verticles.reconcile.Action.RemovePort;
import org.opdbus.verticles.reconcile.Action.ResolveNamespace;
import org.opdbus.verticles.reconcile.Outcome.Act;
import org.opdbus.verticles.reconcile.Outcome.Refuse;
import org.opdbus.verticles.reconcile.Outcome.Rest;

/**
 * The pure function from what is observed and what is desired to what is to be done next for one container.
 *
 * <p>It reads the view and the roster and changes neither. Where they leave a doubt the answer is to do nothing and to
 * say so.
 */
final class Planner implements Planning {
    private static final Rest NOTHING_MORE = new Rest(STOPPED, "");

    private final HostView view;
    private final Roster roster;
    private final NamingRule naming;
    private final LinkPlanner linkPlanner;

    Planner(HostView view, Roster roster, NamingRule naming, boolean repairDrift) {
        this.view = view;
        this.roster = roster;
        this.naming = naming;
        linkPlanner = new LinkPlanner(view, roster, repairDrift);
    }

    @Override
    public Plan plan(ContainerId id, Intent intent) {
        if (!view.isListed(Source.NETLINK) || !view.isListed(Source.LXC)) {
            return Plan.alone(new Rest(WAITING, "the kernel's links and LXC's containers are still being listed"));
        }
        Optional<ContainerView> container = view.container(id);
        if (container.isEmpty() || !container.get().isRunning()) {
            return Plan.alone(planStopped(id));
        }
        return planRunning(id, container.get(), intent);
    }

    private Outcome planStopped(ContainerId id) {
        if (!view.isListed(Source.OVSDB)) {
            return new Rest(STOPPED, "");
        }
        List<Port> ports = view.portsOf(id);
        if (!ports.isEmpty()) {
            return new Act(new RemovePort(id, ports.get(0), "container stopped"));
        }
        return roster.of(id).stream()
                .findFirst()
                .<Outcome>map(enrollment -> new Act(new RecordLeft(id, enrollment, "container stopped")))
                .orElse(NOTHING_MORE);
    }

    private Plan planRunning(ContainerId id, ContainerView container, Intent intent) {
        long initPid = container.initPid().orElseThrow();
        if (!container.isResolved()) {
            return Plan.alone(new Act(new ResolveNamespace(id, initPid)));
        }
        List<Link> links = view.linksInto(container.namespace());
        Optional<Outcome> leftover = planLeftovers(id, links);
        if (leftover.isPresent()) {
            return Plan.alone(leftover.get());
        }
        if (!intent.enroll()) {
            return Plan.alone(new Rest(LEFT_ALONE, ""));
        }
        if (links.isEmpty()) {
            return container.namespace() == Link.NO_NAMESPACE
                    ? Plan.alone(new Rest(WITHOUT_LINK, "no link of it is in this host's network namespace"))
                    : Plan.alone(new Rest(WITHOUT_LINK, "none of its links is one end of a veth pair of this host"));
        }
        Set<ContainerId> doubtful = view.doubtfulNeighbours(container);
        if (!doubtful.isEmpty()) {
            return Plan.alone(new Rest(WAITING, "whether " + doubtful + " is in its network namespace is being asked"));
        }
        Set<ContainerId> sharing = view.containersIn(container.namespace());
        if (sharing.size() > 1) {
            return Plan.alone(refuseShared(sharing));
        }
        if (!view.isListed(Source.OVSDB)) {
            return Plan.alone(new Rest(WAITING, "Open vSwitch's database cannot be reached"));
        }
        return planLinks(id, container, intent, links);
    }

    /** Ports and enrolments of links that this container had and has no more. */
    private Optional<Outcome> planLeftovers(ContainerId id, List<Link> links) {
        if (!view.isListed(Source.OVSDB)) {
            return Optional.empty();
        }
        Set<Integer> present = links.stream().map(Link::index).collect(Collectors.toSet());
        Set<String> standing = new TreeSet<>();
        for (Port port : view.portsOf(id)) {
            Marks marks = view.marksOf(port).orElseThrow();
            if (!present.contains(marks.link()) && view.linkOf(port).isEmpty()) {
                return Optional.of(new Act(new RemovePort(id, port, "its link is gone")));
            }
            standing.add(marks.enrollment());
        }
        return roster.of(id).stream()
                .filter(enrollment -> !present.contains(enrollment.index()) && !standing.contains(enrollment.id()))
                .findFirst()
                .map(enrollment -> new Act(new RecordLeft(id, enrollment, "its link is gone")));
    }

    private static Refuse refuseShared(Set<ContainerId> sharing) {
        return new Refuse(
                Refusal.SHARED_NAMESPACE,
                "containers " + new TreeSet<>(sharing) + " share one network namespace",
                "enrol one of them and add the others to enrollment.ignore");
    }

    private Plan planLinks(ContainerId id, ContainerView container, Intent intent, List<Link> links) {
        Map<Link, Integer> slots = Slots.assign(links, slot -> nameOf(id, intent, slot));
        Map<Link, Outcome> outcomes = new LinkedHashMap<>();
        Set<String> names = new TreeSet<>();
        slots.forEach((link, slot) -> {
            LinkName name = nameOf(id, intent, slot);
            names.add(name.value());
            outcomes.put(link, linkPlanner.plan(new LinkPlanner.Subject(id, container, intent, link, name, slot == 0)));
        });
        return new Plan(outcomes, NOTHING_MORE, names);
    }

    private LinkName nameOf(ContainerId id, Intent intent, int slot) {
        return slot == 0 && intent.firstLink().isPresent() ? intent.firstLink().get() : naming.nameFor(id, slot);
    }
}
