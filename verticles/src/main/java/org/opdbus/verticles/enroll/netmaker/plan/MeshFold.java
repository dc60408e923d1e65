// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.EnrollmentRefused;
import org.opdbus.events.Event;
import org.opdbus.events.MeshEvent.MeshDegraded;
import org.opdbus.events.MeshEvent.MeshDelayed;
import org.opdbus.events.MeshEvent.MeshJoined;
import org.opdbus.events.MeshEvent.MeshLost;
import org.opdbus.events.MeshEvent.MeshRecovered;
import org.opdbus.events.MeshEvent.MeshRegistered;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.AwaitingNode;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.ContainerEnded;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.DeletedOnServer;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.Health;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.InMesh;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.NotYet;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.Refused;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.Registered;
import org.opdbus.verticles.enroll.netmaker.plan.MeshStatus.Phase;
import org.opdbus.verticles.limits.Backoff;

/** Folds observations into the states of containers, one after the other. Only the delays are random. */
public final class MeshFold {
    private static final long CONFIRM_FIRST_MS = 250;
    private static final long CONFIRM_LAST_MS = 2_000;

    private final MeshTimes times;
    private final Backoff retry;

    /** Creates a fold with these limits and intervals. */
    public MeshFold(MeshTimes times) {
        this.times = times;
        this.retry =
                new Backoff(times.retryFirst().toMillis(), times.retryLast().toMillis());
    }

    /** One container at the time of an observation, and the facts that follow from it. */
    private record Moment(ContainerId id, MeshState state, long nowMs, List<Event> facts) {
        void refused(Refusal reason, String message, String remedy) {
            facts.add(new EnrollmentRefused(id, Optional.empty(), reason, message, remedy));
        }

        Moment restarted() {
            return new Moment(id, state.begun(nowMs), nowMs, facts);
        }
    }

    /**
     * Returns what follows from an observation.
     *
     * @param nowMs a clock that does not jump
     */
    public MeshTransition apply(ContainerId id, MeshState state, MeshObservation observation, long nowMs) {
        if (observation instanceof ContainerEnded) {
            // The source of containers is about to publish that it stopped.
            return new MeshTransition(state, List.of(), times.retryLast().toMillis());
        }
        Moment at = new Moment(id, state, nowMs, new ArrayList<>());
        if (observation instanceof InMesh in) {
            return in.health() == Health.WITHOUT_INTERFACE ? withoutInterface(in, at) : inMesh(in, at);
        }
        if (observation instanceof DeletedOnServer deleted) {
            return deleted(deleted, at);
        }
        if (state.isIn() && state.counts().denials() == 0) {
            at.facts().add(new MeshLost(id, "its node is gone"));
        }
        if (observation instanceof Registered registration) {
            return registered(registration, at);
        }
        Moment from = state.isIn() ? at.restarted() : at;
        if (observation instanceof AwaitingNode awaiting) {
            return awaiting(awaiting, from);
        }
        return observation instanceof NotYet notYet ? notYet(notYet, from) : refused((Refused) observation, from);
    }

    private MeshTransition inMesh(InMesh in, Moment at) {
        MeshState state = at.state();
        boolean degraded = in.health() != Health.HEALTHY;
        in.nodes().stream()
                .filter(node -> !state.isIn() || !state.nodes().contains(node))
                .forEach(node -> at.facts()
                        .add(new MeshJoined(
                                at.id(),
                                node.network(),
                                in.server(),
                                in.hostId(),
                                node.nodeId(),
                                node.address(),
                                in.link(),
                                state.counts().registrations() == 0)));
        if (degraded && !(state.phase() == Phase.DEGRADED && state.why().equals(in.why()))) {
            at.facts().add(new MeshDegraded(at.id(), in.why()));
        } else if (!degraded && state.isIn() && state.phase() != Phase.JOINED) {
            at.facts().add(new MeshRecovered(at.id()));
        }
        Phase next = degraded ? Phase.DEGRADED : Phase.JOINED;
        MeshTrouble now = degraded ? new MeshTrouble(in.why(), in.remedy(), in.why()) : MeshTrouble.NONE;
        return new MeshTransition(
                state.to(next, at.nowMs(), state.counts().inMesh(), now, in.nodes()),
                at.facts(),
                times.health().toMillis());
    }

    private MeshTransition withoutInterface(InMesh in, Moment at) {
        MeshState state = at.state();
        if (!state.isIn()) {
            return awaiting(new AwaitingNode(in.server(), in.why(), in.remedy(), MeshPlan.SERVICE_REMEDY), at);
        }
        boolean first = state.phase() != Phase.LOST;
        if (first || (!in.remedy().isEmpty() && !in.why().equals(state.trouble().published()))) {
            at.facts().add(new MeshLost(at.id(), in.why()));
        }
        int failures = first ? 0 : state.counts().checks() + 1;
        MeshTrouble now = new MeshTrouble(in.why(), in.remedy(), in.why());
        MeshCounts counted = state.counts().inMesh().checked(failures);
        return new MeshTransition(
                state.to(Phase.LOST, at.nowMs(), counted, now, in.nodes()),
                at.facts(),
                first ? 1 : retry.delayMs(failures));
    }

    /** One answer is no evidence: the agent asks the server again before it acts. */
    private MeshTransition deleted(DeletedOnServer deleted, Moment at) {
        MeshState state = at.state();
        if (!deleted.why().equals(state.trouble().published())) {
            at.facts().add(new MeshLost(at.id(), deleted.why()));
        }
        MeshCounts counted = state.counts().denied();
        MeshTrouble now = new MeshTrouble(deleted.why(), "", deleted.why());
        return new MeshTransition(
                state.to(Phase.LOST, at.nowMs(), counted, now, List.of()),
                at.facts(),
                counted.denials() == 1
                        ? times.retryFirst().toMillis()
                        : times.retryLast().toMillis());
    }

    private static MeshTransition registered(Registered registered, Moment at) {
        MeshCounts counts = at.state().counts();
        at.facts().add(new MeshRegistered(at.id(), registered.server(), counts.joins() + 1));
        MeshState next = new MeshState(
                Phase.CONFIRMING,
                at.nowMs(),
                counts.registered(at.nowMs()),
                MeshTrouble.NONE,
                List.of(),
                Optional.empty());
        return new MeshTransition(next, at.facts(), CONFIRM_FIRST_MS);
    }

    private MeshTransition awaiting(AwaitingNode awaiting, Moment at) {
        MeshState state = at.state();
        boolean begun = state.phase() == Phase.CONFIRMING || state.phase() == Phase.UNCONFIRMED;
        long since = begun ? state.sinceMs() : at.nowMs();
        boolean over = state.phase() == Phase.UNCONFIRMED
                || at.nowMs() - since >= times.confirm().toMillis();
        if (over || !awaiting.remedy().isEmpty()) {
            return unconfirmed(awaiting, over, at);
        }
        int checks = begun ? state.counts().checks() + 1 : 0;
        MeshState next = new MeshState(
                Phase.CONFIRMING,
                since,
                state.counts().checked(checks),
                new MeshTrouble(awaiting.what(), "", state.trouble().published()),
                state.nodes(),
                Optional.empty());
        return new MeshTransition(next, at.facts(), Math.min(CONFIRM_LAST_MS, CONFIRM_FIRST_MS << Math.min(checks, 3)));
    }

    private MeshTransition unconfirmed(AwaitingNode awaiting, boolean over, Moment at) {
        MeshState state = at.state();
        String remedy = awaiting.remedy().isEmpty() ? awaiting.late() : awaiting.remedy();
        if (!awaiting.what().equals(state.trouble().published())) {
            String limit = over && state.phase() == Phase.CONFIRMING
                    ? " registered it, but after " + times.confirm().toSeconds() + " s it is not in the mesh: "
                    : " registered it, and ";
            at.refused(Refusal.MESH_UNCONFIRMED, awaiting.server() + limit + awaiting.what(), remedy);
        }
        int checks = state.phase() == Phase.UNCONFIRMED ? state.counts().checks() + 1 : 1;
        MeshState next = state.to(
                Phase.UNCONFIRMED,
                at.nowMs(),
                state.counts().checked(checks),
                new MeshTrouble(awaiting.what(), remedy, awaiting.what()),
                state.nodes());
        return new MeshTransition(next, at.facts(), times.retryLast().toMillis());
    }

    private MeshTransition notYet(NotYet notYet, Moment at) {
        MeshState state = at.state();
        int failures = state.counts().checks() + 1;
        boolean lasts = !notYet.fleeting() || notYet.why().equals(state.why());
        boolean tell = lasts && !notYet.why().equals(state.trouble().published());
        MeshCounts counted = state.counts().checked(failures).joined(notYet.tried());
        if (tell && notYet.remedy().isEmpty()) {
            at.facts().add(new MeshDelayed(at.id(), counted.joins(), notYet.why()));
        } else if (tell) {
            at.refused(Refusal.MESH_NOT_POSSIBLE, notYet.why(), notYet.remedy());
        }
        MeshTrouble now = new MeshTrouble(
                notYet.why(),
                notYet.remedy(),
                tell ? notYet.why() : state.trouble().published());
        // A container that could not be checked keeps the refusal of its token: otherwise the token
        // would be tried again.
        MeshState next = state.to(Phase.JOINING, at.nowMs(), counted, now, List.of())
                .with(notYet.tried() ? Optional.empty() : state.refused());
        return new MeshTransition(next, at.facts(), retry.delayMs(failures));
    }

    private MeshTransition refused(Refused refused, Moment at) {
        MeshState state = at.state();
        if (!refused.message().equals(state.trouble().published())) {
            at.refused(refused.reason(), refused.message(), refused.remedy());
        }
        MeshCounts counted = state.counts().checked(state.counts().checks() + 1).joined(refused.tried());
        MeshState next = state.to(
                        Phase.REFUSED,
                        at.nowMs(),
                        counted,
                        new MeshTrouble(refused.message(), refused.remedy(), refused.message()),
                        List.of())
                .with(refused.token().isPresent() ? Optional.of(refused) : Optional.empty());
        return new MeshTransition(next, at.facts(), times.retryLast().toMillis());
    }
}
