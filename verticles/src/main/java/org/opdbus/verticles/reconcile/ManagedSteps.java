// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerLeft;
import org.opdbus.events.Event;
import org.opdbus.events.Link;
import org.opdbus.events.ProxmoxEvent;
import org.opdbus.events.ProxmoxEvent.ProxmoxConfigured;
import org.opdbus.events.ProxmoxNet;
import org.opdbus.events.StateEvent.ContainerChanged;
import org.opdbus.verticles.reconcile.Action.EndManaged;
import org.opdbus.verticles.reconcile.Action.LimitPort;
import org.opdbus.verticles.reconcile.Action.OfManaged;
import org.opdbus.verticles.reconcile.Action.PlugManaged;
import org.opdbus.verticles.reconcile.Action.RecordChanged;
import org.opdbus.verticles.reconcile.Action.RecordEnrolled;
import org.opdbus.verticles.reconcile.Action.RetractPort;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.Enrollments;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.PortOwner;
import org.opdbus.verticles.view.ProxmoxPicture;

/**
 * Carries out what is done to links of Proxmox's. Configuration and kernel are asked anew right before anything is changed,
 * and nothing is changed unless they still say what the planner went by.
 *
 * <p>Called on the reconciler's context; what an edge answers is handled there too.
 */
final class ManagedSteps {
    private final Consumer<Event> facts;
    private final HostView view;
    private final Enrollments enrollments;
    private final Edges edges;
    private final Scheduler context;
    private final Function<Action, Completable> steps;

    ManagedSteps(
            Consumer<Event> facts,
            HostView view,
            Enrollments enrollments,
            Edges edges,
            Scheduler context,
            Function<Action, Completable> steps) {
        this.facts = facts;
        this.view = view;
        this.enrollments = enrollments;
        this.edges = edges;
        this.context = context;
        this.steps = steps;
    }

    /** Does it, or hands it on if it is about no link of Proxmox's. */
    Completable carryOut(Action action) {
        if (!(action instanceof OfManaged managed)) {
            return steps.apply(action);
        }
        if (managed instanceof PlugManaged plug) {
            return confirmed(plug, Optional.of(plug.net()))
                    .andThen(Completable.defer(() -> steps.apply(plug.attach())));
        }
        if (managed instanceof RetractPort retract) {
            return retract(retract);
        }
        if (managed instanceof EndManaged end) {
            return end(end);
        }
        if (managed instanceof LimitPort limited) {
            PolicingLimit limit = limited.limit();
            return edges.ports()
                    .limit(limited.port(), limit.ids(), limit.columns())
                    .observeOn(context);
        }
        RecordChanged changed = (RecordChanged) managed;
        facts.accept(new ContainerChanged(changed.container(), changed.changes()));
        return steps.apply(new RecordEnrolled(changed.fact()));
    }

    /** Goes on only if Proxmox still wants the link to be a port exactly so, and nothing else holds it. */
    private Completable confirmed(PlugManaged plug, Optional<ProxmoxNet> wanted) {
        return bar(plug.container(), plug.link(), plug.net().number())
                .flatMapCompletable(
                        now -> now.net().equals(wanted) && now.refusal().isEmpty()
                                ? Completable.complete()
                                : Completable.error(new StepException(
                                        StepException.Reason.STALE,
                                        "link " + plug.link().name()
                                                + " is not plugged: Proxmox has changed its configuration")));
    }

    private Completable retract(RetractPort retract) {
        PortOwner marks = view.marksOf(retract.port()).orElseThrow();
        return stillBarred(retract.container(), retract.link())
                .andThen(edges.ports().remove(retract.port()))
                .observeOn(context)
                .andThen(Completable.fromAction(() -> left(
                        retract.container(),
                        marks.enrollment(),
                        retract.port().name(),
                        retract.port().bridge(),
                        retract.reason())));
    }

    private Completable end(EndManaged end) {
        Enrollment enrollment = end.enrollment();
        return stillBarred(end.container(), end.link())
                .andThen(edges.ports().caughtUp())
                .observeOn(context)
                .andThen(Completable.fromAction(() -> {
                    if (view.portNamed(enrollment.port()).isEmpty()) {
                        left(end.container(), enrollment.id(), enrollment.port(), enrollment.bridge(), end.reason());
                    }
                }));
    }

    private void left(ContainerId container, String enrollment, String port, String bridge, String reason) {
        enrollments.of(container).stream()
                .filter(open -> open.id().equals(enrollment))
                .forEach(enrollments::remove);
        boolean recovered = !enrollments.isKnown(container, enrollment);
        enrollments.forget(container, enrollment);
        facts.accept(new ContainerLeft(container, enrollment, port, bridge, reason, recovered));
    }

    private Completable stillBarred(ContainerId container, Link link) {
        int number = ProxmoxPicture.numberOf(link.name().value()).orElse(0);
        return bar(container, link, number)
                .flatMapCompletable(now -> now.refusal().isPresent()
                        ? Completable.complete()
                        : Completable.error(new StepException(
                                StepException.Reason.STALE,
                                "link " + link.name() + " is left as it is: Proxmox does not bar it any more")));
    }

    /** What the configuration says now, and why the link may not be a port, if it may not. */
    private record Now(Optional<ProxmoxNet> net, Optional<Outcome.Refuse> refusal) {}

    private Single<Now> bar(ContainerId container, Link link, int number) {
        ConfigurationCheck check = edges.configurations().orElseThrow();
        return Single.zip(
                        check.read(container),
                        edges.links().find(link.index()),
                        (read, found) -> found.filter(now -> now.name().equals(link.name()))
                                .map(now -> now(read, now, number))
                                .orElseThrow(() -> new StepException(
                                        StepException.Reason.STALE, "link " + link.name() + " has gone")))
                .observeOn(context)
                .map(now -> now);
    }

    private Now now(ProxmoxEvent read, Link link, int number) {
        Optional<ProxmoxNet> net = read instanceof ProxmoxConfigured configured
                ? configured.nets().stream().filter(it -> it.number() == number).findFirst()
                : Optional.empty();
        return new Now(net, net.flatMap(it -> ProxmoxBar.of(view, link, it)));
    }
}
