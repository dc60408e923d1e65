// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import static org.opdbus.verticles.inventory.ContainerPhase.LEFT_ALONE;
import static org.opdbus.verticles.inventory.ContainerPhase.STOPPED;
import static org.opdbus.verticles.inventory.ContainerPhase.WAITING;
import static org.opdbus.verticles.inventory.ContainerPhase.WITHOUT_LINK;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
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
import org.opdbus.verticles.reconcile.Plan.LinkPlan;
import org.opdbus.verticles.view.ContainerView;
import org.opdbus.verticles.view.Enrollments;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.PortOwner;
import org.opdbus.verticles.view.Stale;

/**
 * The pure function from what is observed and what is desired to what is to be done next for one container.
 *
 * <p>It reads the view and the enrollments and changes neither. Where they leave a doubt the answer is to do nothing and to
 * say so. Given an earlier plan and what of it is stale, it decides anew about that only, and its answer is the same as
 * from nothing.
 */
final class Planner implements Planning {
    private static final Rest NOTHING_MORE = new Rest(STOPPED, "");

    private final HostView view;
    private final Enrollments enrollments;
    private final NamingRule naming;
    private final LinkPlanner linkPlanner;

    Planner(HostView view, Enrollments enrollments, QuietTimes quiet, NamingRule naming, boolean repairDrift) {
        this.view = view;
        this.enrollments = enrollments;
        this.naming = naming;
        linkPlanner = new LinkPlanner(view, enrollments, quiet, repairDrift);
    }

    @Override
    public Plan plan(ContainerId id, Intent intent, Plan earlier, Stale stale) {
        if (!view.isListed(Source.NETLINK) || !view.isListed(Source.LXC)) {
            return Plan.alone(new Rest(WAITING, "the kernel's links and LXC's containers are still being listed"));
        }
        Optional<ContainerView> container = view.container(id);
        if (container.isEmpty() || !container.get().isRunning()) {
            return planStopped(id);
        }
        boolean anew = stale.isEverything()
                || !earlier.isAboutLinks()
                || !earlier.intent().equals(Optional.of(intent));
        return planRunning(id, container.get(), intent, anew ? Optional.empty() : Optional.of(earlier), stale);
    }

    private Plan planStopped(ContainerId id) {
        if (!view.isListed(Source.OVSDB)) {
            return Plan.alone(NOTHING_MORE);
        }
        List<Action> endings = new ArrayList<>();
        view.portsOf(id).forEach(port -> endings.add(new RemovePort(id, port, "container stopped")));
        if (endings.isEmpty()) {
            enrollments.of(id).forEach(enrollment -> endings.add(new RecordLeft(id, enrollment, "container stopped")));
        }
        return endings.isEmpty() ? Plan.alone(NOTHING_MORE) : Plan.ending(endings);
    }

    private Plan planRunning(
            ContainerId id, ContainerView container, Intent intent, Optional<Plan> earlier, Stale stale) {
        long initPid = container.initPid().orElseThrow();
        if (!container.isResolved()) {
            return Plan.alone(new Act(new ResolveNamespace(id, initPid)));
        }
        SlotPlan slots = new SlotPlan(view, container.namespace(), slot -> nameOf(id, intent, slot), earlier, stale);
        if (earlier.isEmpty() || stale.hasLeftovers()) {
            List<Action> leftovers = leftovers(id, slots.links());
            if (!leftovers.isEmpty()) {
                return Plan.ending(leftovers);
            }
        }
        if (!intent.enroll()) {
            return Plan.alone(new Rest(LEFT_ALONE, ""));
        }
        if (slots.links().isEmpty()) {
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
        return planLinks(id, container, intent, slots);
    }

    /** Ports and enrolments of links that this container had and has no more; enrolments only if there are no such ports. */
    private List<Action> leftovers(ContainerId id, Set<Integer> present) {
        List<Action> leftovers = new ArrayList<>();
        if (!view.isListed(Source.OVSDB)) {
            return leftovers;
        }
        Set<String> standing = new HashSet<>();
        for (Port port : view.portsOf(id)) {
            PortOwner marks = view.marksOf(port).orElseThrow();
            if (!present.contains(marks.link()) && view.linkOf(port).isEmpty()) {
                leftovers.add(new RemovePort(id, port, "its link is gone"));
            }
            standing.add(marks.enrollment());
        }
        if (leftovers.isEmpty()) {
            enrollments.of(id).stream()
                    .filter(enrollment -> !present.contains(enrollment.index()) && !standing.contains(enrollment.id()))
                    .forEach(enrollment -> leftovers.add(new RecordLeft(id, enrollment, "its link is gone")));
        }
        return leftovers;
    }

    private static Refuse refuseShared(Set<ContainerId> sharing) {
        return new Refuse(
                Refusal.SHARED_NAMESPACE,
                "containers " + new TreeSet<>(sharing) + " share one network namespace",
                "enrol one of them and add the others to enrollment.ignore");
    }

    private Plan planLinks(ContainerId id, ContainerView container, Intent intent, SlotPlan slots) {
        SortedMap<Integer, LinkPlan> links = slots.planned(link ->
                linkPlanner.plan(new LinkSubject(id, container, intent, link.link(), link.name(), link.slot() == 0)));
        return new Plan(links, NOTHING_MORE, List.of(), slots.names(), Optional.of(intent), slots.renewed());
    }

    private LinkName nameOf(ContainerId id, Intent intent, int slot) {
        return slot == 0 && intent.firstLink().isPresent() ? intent.firstLink().get() : naming.nameFor(id, slot);
    }
}
