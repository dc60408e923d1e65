// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.verticles.bus.StepException;
import org.opdbus.verticles.edges.ContainerCheck.Presence;
import org.opdbus.verticles.enroll.bridge.plan.Drifts;
import org.opdbus.verticles.enroll.bridge.plan.PortStep;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.AdoptPort;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.RemovePort;
import org.opdbus.verticles.enroll.bridge.plan.RecordStep.RecordDetached;
import org.opdbus.verticles.enroll.bridge.plan.RecordStep.RecordDrift;
import org.opdbus.verticles.enroll.bridge.plan.RecordStep.RecordLeft;
import org.opdbus.verticles.enroll.bridge.plan.RetagRule;
import org.opdbus.verticles.plan.PlannedStep;
import org.opdbus.verticles.view.ContainerView;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.HostView;

/**
 * Asks the kernel, LXC and the database again before the agent removes or records something because the view does not show
 * an object. The view can be older than the fact that led to the step.
 *
 * <p>Callers call this on the reconciler's context, and answers arrive there. If no answer comes, the result is a failure.
 */
final class SecondLook {
    private final HostView view;
    private final BridgeEdges edges;
    private final Scheduler context;

    SecondLook(HostView view, BridgeEdges edges, Scheduler context) {
        this.view = view;
        this.edges = edges;
        this.context = context;
    }

    /**
     * Returns whether the link or container of a port is gone. If the container runs, or if the agent cannot ask whether it runs,
     * the kernel must confirm that its link is gone. If the container does not run, its command socket of LXC and its init must be
     * gone, or its engine must say that it has ended. Its link may exist on, because a foreign process may hold the namespace.
     */
    Single<Boolean> bearsOut(RemovePort remove) {
        boolean ofLink = running(remove).isPresent() || !view.isListed(remove.container());
        return (ofLink ? isLinkGone(remove) : isStopped(remove)).observeOn(context);
    }

    private Single<Boolean> isLinkGone(RemovePort remove) {
        int index = view.marksOf(remove.port()).orElseThrow().link();
        return edges.links()
                .find(index)
                .map(found ->
                        found.filter(now -> now.answersTo(remove.port().name())).isEmpty());
    }

    /** Returns whether an enrolment has ended: its link or container is gone, and no port of it has appeared since. */
    Single<Boolean> bearsOut(RecordLeft left) {
        Enrollment enrollment = left.enrollment();
        Single<Boolean> gone = running(left)
                .map(container -> hasLeft(
                        enrollment,
                        link -> link.peerNamespace() == container.namespace() && link.answersTo(enrollment.port())))
                .orElseGet(() -> view.isListed(left.container()) ? isStopped(left) : hasLeft(enrollment, link -> true));
        return andPortsHeard(gone).map(ended -> ended && !PortStep.stands(view, left.container(), enrollment.id()));
    }

    /** Returns whether the database has no port of an enrolment. */
    Single<Boolean> bearsOut(RecordDetached detached) {
        return andPortsHeard(Single.just(true))
                .map(heard -> heard
                        && !PortStep.stands(
                                view,
                                detached.container(),
                                detached.enrollment().id()));
    }

    private Single<Boolean> hasLeft(Enrollment enrollment, Predicate<Link> isItsOwn) {
        // An index from before a reboot of the host has no meaning.
        return enrollment.index() <= 0
                ? Single.just(true)
                : edges.links()
                        .find(enrollment.index())
                        .map(found -> found.filter(isItsOwn).isEmpty());
    }

    /**
     * Returns whether another program caused the drift. It did not if the container is stopping, because the stop removes the
     * port, and it did not if the view was older than the agent's own change. The kernel keeps the link of a container that has
     * stopped for a moment, in which the container may run again: such a link leads into another namespace.
     */
    Single<Boolean> bearsOut(RecordDrift drift) {
        Single<Boolean> stands = running(drift)
                .map(container -> stands(drift, container.namespace()))
                .orElseGet(() -> Single.just(false));
        return andPortsHeard(stands).map(holds -> holds && portHasDrifted(drift));
    }

    private Single<Boolean> stands(RecordDrift drift, int namespace) {
        return edges.links()
                .find(drift.enrollment().index())
                .flatMap(found -> found.filter(link -> link.peerNamespace() == namespace && hasDrifted(drift, link))
                                .isPresent()
                        ? edges.containers().presence(drift.container()).map(presence -> presence == Presence.RUNNING)
                        : Single.just(false));
    }

    private static boolean hasDrifted(RecordDrift drift, Link link) {
        return !drift.what().equals(Drifts.RENAMED)
                || link.name().value().equals(drift.after().get("name"));
    }

    /** Finds the port of the link as the planner does, because its name can differ from the recorded one. */
    private boolean portHasDrifted(RecordDrift drift) {
        int index = drift.enrollment().index();
        List<Port> ours = view.portsOf(drift.container(), index);
        Map<String, String> after = drift.after();
        return switch (drift.what()) {
            case Drifts.REMOVED ->
                ours.isEmpty()
                        && view.link(index)
                                .flatMap(link -> view.portNamed(link.name().value()))
                                .isEmpty();
            case Drifts.MOVED -> ours.stream().anyMatch(port -> port.bridge().equals(after.get("bridge")));
            case Drifts.RETAGGED ->
                ours.stream().anyMatch(port -> RetagRule.tag(port.tag()).equals(after.get("tag")));
            case Drifts.UNMARKED ->
                view.portNamed(drift.enrollment().port())
                        .filter(port -> !view.isOurs(drift.container(), index, port))
                        .isPresent();
            default -> true;
        };
    }

    /** Returns whether the agent may mark a port for a link: not if another link has the port's name by now. */
    Single<Boolean> bearsOut(AdoptPort adopt) {
        return adopt.link().answersTo(adopt.port().name()) ? Single.just(true) : isFree(adopt.port());
    }

    /** Returns whether no link has the name of a port. */
    Single<Boolean> isFree(Port port) {
        return edges.links()
                .find(new LinkName(port.name()))
                .map(Optional::isEmpty)
                .observeOn(context);
    }

    private Optional<ContainerView> running(PlannedStep step) {
        return view.container(step.container()).filter(ContainerView::isRunning);
    }

    private Single<Boolean> isStopped(PlannedStep step) {
        return edges.containers().presence(step.container()).map(presence -> presence == Presence.GONE);
    }

    /** Does the work if the second look confirms the view; otherwise changes nothing and fails with STALE. */
    Completable ifHolds(Single<Boolean> look, PlannedStep step, Completable work) {
        return look.flatMapCompletable(holds -> holds
                        ? work
                        : Completable.error(new StepException(
                                StepException.Reason.STALE,
                                step.getClass().getSimpleName() + " of " + step.about() + " of container "
                                        + step.container() + ": a second look does not bear out what was seen")))
                .observeOn(context);
    }

    private Single<Boolean> andPortsHeard(Single<Boolean> answer) {
        return answer.flatMap(holds -> holds ? edges.ports().caughtUp().toSingleDefault(true) : Single.just(false))
                .observeOn(context);
    }
}
