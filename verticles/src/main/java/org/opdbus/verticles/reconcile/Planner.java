// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import static org.opdbus.verticles.inventory.ContainerPhase.LEFT_ALONE;
import static org.opdbus.verticles.inventory.ContainerPhase.STOPPED;
import static org.opdbus.verticles.inventory.ContainerPhase.WAITING;
import static org.opdbus.verticles.inventory.ContainerPhase.WITHOUT_LINK;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.events.Refusal;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.events.Workload.VirtualMachine;
import org.opdbus.verticles.plan.Intent;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome;
import org.opdbus.verticles.plan.Outcome.Refuse;
import org.opdbus.verticles.plan.Outcome.Rest;
import org.opdbus.verticles.plan.PlannedStep;
import org.opdbus.verticles.plan.Rules;
import org.opdbus.verticles.reconcile.Plan.LinkPlan;
import org.opdbus.verticles.view.ContainerView;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.Stale;

/**
 * The function from the observed and the desired state to the next actions for one container. It has no side effects.
 *
 * <p>It reads the view, asks the rules in their order, and changes nothing. If a doubt remains, the answer is to do
 * nothing and to say so. Given an earlier plan and its stale parts, it decides only about these again; its answer is
 * the same as without the earlier plan.
 */
final class Planner implements Planning {
    private static final Rest NOTHING_MORE = new Rest(STOPPED, "");

    private final HostView view;
    private final Rules rules;

    Planner(HostView view, Rules rules) {
        this.view = view;
        this.rules = rules;
    }

    @Override
    public Plan plan(ContainerId id, Intent intent, Plan earlier, Stale stale) {
        if (!view.isListed(Source.NETLINK) || (id.kind() == Kind.LXC && !view.isListed(Source.LXC))) {
            return Plan.alone(new Rest(WAITING, "the kernel's links and LXC's containers are still being listed"));
        }
        Optional<ContainerView> container = view.container(id);
        if (container.isEmpty() || !container.get().isRunning()) {
            return planEndings(id);
        }
        boolean anew = stale.isEverything()
                || !earlier.isAboutLinks()
                || !earlier.intent().equals(Optional.of(intent));
        return planRunning(id, container.get(), intent, anew ? Optional.empty() : Optional.of(earlier), stale);
    }

    private Plan planEndings(ContainerId id) {
        boolean heard = view.isListed(id);
        List<PlannedStep> endings =
                heard ? rules.endings().ofStopped(id) : rules.endings().ofUnheard(id);
        if (!endings.isEmpty()) {
            return Plan.ending(endings);
        }
        return Plan.alone(
                heard || view.portsOf(id).isEmpty()
                        ? NOTHING_MORE
                        : new Rest(WAITING, "the agent cannot hear whether it runs"));
    }

    private Plan planRunning(
            ContainerId id, ContainerView container, Intent intent, Optional<Plan> earlier, Stale stale) {
        Optional<Plan> first =
                isWithoutAnything(id, container, intent) ? missing(id, container, intent) : Optional.empty();
        if (first.isPresent()) {
            return first.get();
        }
        Optional<Outcome> namespace = rules.namespace().decide(id, container);
        if (namespace.isPresent()) {
            // The kernel cannot answer about a container that ended after its engine was lost.
            List<PlannedStep> gone =
                    view.isListed(id) ? List.of() : rules.endings().ofUnheard(id);
            return gone.isEmpty() ? Plan.alone(namespace.get()) : Plan.ending(gone);
        }
        SlotPlan slots = new SlotPlan(
                view,
                container,
                concerned(id, intent),
                rules.names(),
                slot -> nameOf(id, intent, slot),
                earlier,
                stale);
        if (earlier.isEmpty() || stale.hasLeftovers()) {
            List<PlannedStep> leftovers = rules.endings().ofGoneLinks(id, slots.links());
            if (!leftovers.isEmpty()) {
                return Plan.ending(leftovers);
            }
        }
        Optional<Plan> missing =
                intent.enroll() && slots.links().isEmpty() ? missing(id, container, intent) : Optional.empty();
        return missing.or(() -> obstacle(container, intent, slots).map(Plan::alone))
                .orElseGet(() -> planLinks(id, container, intent, slots));
    }

    /**
     * Returns whether nothing of the agent's is there yet for a container of an engine. Then its link is made before the kernel is
     * asked for its namespace, of which the making tells the id.
     */
    private boolean isWithoutAnything(ContainerId id, ContainerView container, Intent intent) {
        return id.kind().isEngine()
                && intent.enroll()
                && !container.isResolved()
                && view.portsOf(id).isEmpty()
                && view.enrollments().of(id).isEmpty()
                && view.linkNamed(nameOf(id, intent, 0).value()).isEmpty();
    }

    /**
     * Returns which of a workload's links the agent deals with. Of an engine's container that is only the link that the agent made
     * itself: the others are the engine's, or were made by somebody who will look for them.
     */
    private Predicate<Link> concerned(ContainerId id, Intent intent) {
        if (!id.kind().isEngine()) {
            return SlotPlan.EACH;
        }
        String name = nameOf(id, intent, 0).value();
        return link -> link.answersTo(name)
                || !view.portsOf(id, link.index()).isEmpty()
                || view.enrollments().of(id, link.index()).isPresent()
                || view.formerNamesOf(link).contains(name);
    }

    /** What prevents any planning for the links of a container. */
    private Optional<Outcome> obstacle(ContainerView container, Intent intent, SlotPlan slots) {
        if (!intent.enroll()) {
            return Optional.of(new Rest(LEFT_ALONE, ""));
        }
        if (slots.links().isEmpty()) {
            return Optional.of(withoutLink(container));
        }
        Set<ContainerId> doubtful = view.doubtfulNeighbours(container);
        // The kernel cannot answer about a container that has ended, and while its engine is gone nobody says that it
        // has.
        doubtful.removeIf(other -> !view.isListed(other));
        if (!doubtful.isEmpty()) {
            return Optional.of(
                    new Rest(WAITING, "whether " + doubtful + " is in its network namespace is being asked"));
        }
        Set<ContainerId> sharing = view.containersIn(container.namespace());
        sharing.removeIf(other -> !other.equals(container.container().id()) && isGuest(other));
        if (sharing.size() > 1) {
            return Optional.of(refuseShared(sharing));
        }
        return view.isListed(Source.OVSDB)
                ? Optional.empty()
                : Optional.of(new Rest(WAITING, "Open vSwitch's database cannot be reached"));
    }

    /** What is done because a link is missing, if it is the agent's to make. */
    private Optional<Plan> missing(ContainerId id, ContainerView container, Intent intent) {
        LinkName name = nameOf(id, intent, 0);
        return rules.missing().decide(id, container, intent, name).map(outcome -> Plan.without(name.value(), outcome));
    }

    private static Rest withoutLink(ContainerView container) {
        if (container.container() instanceof VirtualMachine) {
            return new Rest(WITHOUT_LINK, "none of its taps is in this host's network namespace");
        }
        return new Rest(
                WITHOUT_LINK,
                container.namespace() == Link.NO_NAMESPACE
                        ? "no link of it is in this host's network namespace"
                        : "none of its links is one end of a veth pair of this host");
    }

    /** Returns whether an engine put a container into the network of another one, whose links they are. */
    private boolean isGuest(ContainerId id) {
        return view.container(id)
                .filter(other -> other.container() instanceof EngineContainer engine
                        && engine.network().startsWith("container:"))
                .isPresent();
    }

    private static Refuse refuseShared(Set<ContainerId> sharing) {
        return new Refuse(
                Refusal.SHARED_NAMESPACE,
                "containers " + new TreeSet<>(sharing) + " share one network namespace",
                "enrol one of them and add the others to enrollment.ignore");
    }

    private Plan planLinks(ContainerId id, ContainerView container, Intent intent, SlotPlan slots) {
        SortedMap<Integer, LinkPlan> links = slots.planned(
                link -> planLink(new LinkSubject(id, container, intent, link.link(), link.name(), link.slot() == 0)));
        return new Plan(links, NOTHING_MORE, List.of(), slots.names(), Optional.of(intent), slots.renewed());
    }

    private Outcome planLink(LinkSubject subject) {
        return rules.links()
                .decide(subject, portOf(subject))
                .orElseThrow(() -> new IllegalStateException("no rule decides about " + subject.link()));
    }

    /**
     * Returns the port of this link: the one that has our marks for it, or the one that has its name, or the one that
     * another program made under an earlier name of the link.
     */
    private Optional<Port> portOf(LinkSubject subject) {
        return view.portsOf(subject.id(), subject.link().index()).stream()
                // During a swap, the fact about the new row may arrive before the removal of the
                // old one.
                .min(Comparator.comparing(port -> !port.name().equals(subject.portName())))
                .or(() -> view.portNamed(subject.link().name().value()))
                .or(() -> view.portUnderFormerName(subject.link()));
    }

    private LinkName nameOf(ContainerId id, Intent intent, int slot) {
        return slot == 0 && intent.firstLink().isPresent()
                ? intent.firstLink().get()
                : rules.names().nameFor(id, slot);
    }
}
