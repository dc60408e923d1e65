// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

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
import org.opdbus.verticles.enroll.netmaker.MeshStatus.Phase;
import org.opdbus.verticles.enroll.netmaker.NetmakerOptions.Times;
import org.opdbus.verticles.enroll.netmaker.MeshObservation.ContainerEnded;
import org.opdbus.verticles.enroll.netmaker.MeshObservation.DeletedOnServer;
import org.opdbus.verticles.enroll.netmaker.MeshObservation.Health;
import org.opdbus.verticles.enroll.netmaker.MeshObservation.InMesh;
import org.opdbus.verticles.enroll.netmaker.MeshObservation.NotYet;
import org.opdbus.verticles.enroll.netmaker.MeshObservation.Refused;
import org.opdbus.verticles.enroll.netmaker.MeshObservation.Registered;
import org.opdbus.verticles.enroll.netmaker.MeshObservation.Waiting;
import org.opdbus.verticles.enroll.netmaker.guest.MeshNode;
import org.opdbus.verticles.enroll.netmaker.token.EnrollmentToken;

/**
 * How a running container stands with its mesh. Immutable; {@link #after} is the whole of its life.
 *
 * @param phase where it is
 * @param sinceMs when the phase began, on the clock that {@link #after} is given
 * @param counts what was counted
 * @param trouble what stands in the way
 * @param nodes its nodes
 * @param refused the token that it was refused with
 */
record MeshState(
        Phase phase,
        long sinceMs,
        Counts counts,
        Trouble trouble,
        List<MeshNode> nodes,
        Optional<EnrollmentToken> refused) {
    private static final long FIRST_LOOK_MS = 250;
    private static final long LAST_LOOK_MS = 2_000;

    /** What a look led to: the state from now on, the facts to tell, and when to look again, in milliseconds. */
    record Step(MeshState next, List<Event> facts, long againMs) {}

    /**
     * What was counted since the container started.
     *
     * @param looks how many looks in a row have brought it no further; the waits grow with it
     * @param joins how often netclient's join was run
     * @param registrations how many of these joins the server took
     * @param denials how often in a row its server has said that it has it no more
     * @param rejoins how often it has joined again after that
     * @param rejoinedMs when it did so last
     */
    record Counts(int looks, int joins, int registrations, int denials, int rejoins, long rejoinedMs) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

        Counts looked(int times) {
            return new Counts(times, joins, registrations, denials, rejoins, rejoinedMs);
        }

        Counts joined(boolean tried) {
            return new Counts(looks, joins + (tried ? 1 : 0), registrations, denials, rejoins, rejoinedMs);
        }

        Counts registered(long nowMs) {
            return denials == 0
                    ? new Counts(0, joins + 1, registrations + 1, 0, rejoins, rejoinedMs)
                    : new Counts(0, joins + 1, registrations + 1, 0, rejoins + 1, nowMs);
        }

        Counts denied() {
            return new Counts(looks, joins, registrations, denials + 1, rejoins, rejoinedMs);
        }

        Counts well() {
            return new Counts(0, joins, registrations, 0, rejoins, rejoinedMs);
        }
    }

    /**
     * What stands in the way.
     *
     * @param why empty if nothing does
     * @param remedy what the user has to do about it; empty if time may help
     * @param told what was told last, so that nothing is told twice
     */
    record Trouble(String why, String remedy, String told) {
        static final Trouble NONE = new Trouble("", "", "");
    }

    MeshState {
        nodes = List.copyOf(nodes);
    }

    /** A container that has just started, or that something has changed for. */
    static MeshState fresh(long nowMs) {
        return new MeshState(Phase.JOINING, nowMs, Counts.NONE, Trouble.NONE, List.of(), Optional.empty());
    }

    String why() {
        return trouble.why();
    }

    String remedy() {
        return trouble.remedy();
    }

    /** Whether it was seen in its mesh. */
    boolean isIn() {
        return phase == Phase.JOINED || phase == Phase.DEGRADED || phase == Phase.LOST;
    }

    /**
     * What follows from a look.
     *
     * @param jitter spreads retries; from 0 to 1
     */
    Step after(ContainerId id, MeshObservation seen, long nowMs, Times times, double jitter) {
        if (seen instanceof ContainerEnded) {
            // Those who watch over containers are about to say so.
            return new Step(this, List.of(), times.retryLast().toMillis());
        }
        Moment at = new Moment(id, nowMs, times, jitter, new ArrayList<>());
        if (seen instanceof InMesh in) {
            return in.health() == Health.WITHOUT_INTERFACE ? withoutInterface(in, at) : inMesh(in, at);
        }
        if (seen instanceof DeletedOnServer gone) {
            return gone(gone, at);
        }
        if (isIn() && counts.denials() == 0) {
            at.facts().add(new MeshLost(id, "its node is gone"));
        }
        if (seen instanceof Registered registration) {
            return registered(registration, at);
        }
        MeshState from = isIn() ? begun(nowMs) : this;
        if (seen instanceof Waiting waiting) {
            return from.waiting(waiting, at);
        }
        return seen instanceof NotYet notYet ? from.notYet(notYet, at) : from.refused((Refused) seen, at);
    }

    /** A moment at which something was seen, and what is to be told of it. */
    private record Moment(ContainerId id, long nowMs, Times times, double jitter, List<Event> facts) {
        long backoffMs(int failures) {
            return MeshState.backoffMs(failures, times, jitter);
        }

        void refused(Refusal reason, String message, String remedy) {
            facts.add(new EnrollmentRefused(id, Optional.empty(), reason, message, remedy));
        }
    }

    /** The same container, as if it had not been in its mesh yet. */
    private MeshState begun(long nowMs) {
        return new MeshState(Phase.JOINING, nowMs, counts.looked(0), Trouble.NONE, List.of(), Optional.empty());
    }

    private MeshState to(Phase next, long nowMs, Counts counted, Trouble trouble, List<MeshNode> with) {
        return new MeshState(next, phase == next ? sinceMs : nowMs, counted, trouble, with, Optional.empty());
    }

    private Step inMesh(InMesh in, Moment at) {
        boolean degraded = in.health() != Health.HEALTHY;
        Phase next = degraded ? Phase.DEGRADED : Phase.JOINED;
        in.nodes().stream()
                .filter(node -> !isIn() || !nodes.contains(node))
                .forEach(node -> at.facts()
                        .add(new MeshJoined(
                                at.id(),
                                node.network(),
                                in.server(),
                                in.hostId(),
                                node.nodeId(),
                                node.address(),
                                in.link(),
                                counts.registrations() == 0)));
        if (degraded && !(phase == Phase.DEGRADED && trouble.why().equals(in.why()))) {
            at.facts().add(new MeshDegraded(at.id(), in.why()));
        } else if (!degraded && isIn() && phase != Phase.JOINED) {
            at.facts().add(new MeshRecovered(at.id()));
        }
        Trouble now = degraded ? new Trouble(in.why(), in.remedy(), in.why()) : Trouble.NONE;
        return new Step(
                to(next, at.nowMs(), counts.well(), now, in.nodes()),
                at.facts(),
                at.times().health().toMillis());
    }

    private Step withoutInterface(InMesh in, Moment at) {
        if (!isIn()) {
            return waiting(new Waiting(in.server(), in.why(), in.remedy(), MeshPlan.SERVICE_REMEDY), at);
        }
        boolean first = phase != Phase.LOST;
        if (first || (!in.remedy().isEmpty() && !in.why().equals(trouble.told()))) {
            at.facts().add(new MeshLost(at.id(), in.why()));
        }
        int failures = first ? 0 : counts.looks() + 1;
        Trouble now = new Trouble(in.why(), in.remedy(), in.why());
        return new Step(
                to(Phase.LOST, at.nowMs(), counts.well().looked(failures), now, in.nodes()),
                at.facts(),
                first ? 1 : at.backoffMs(failures));
    }

    /** Once is no evidence: the server is asked again before anything is done. */
    private Step gone(DeletedOnServer seen, Moment at) {
        if (!seen.why().equals(trouble.told())) {
            at.facts().add(new MeshLost(at.id(), seen.why()));
        }
        Counts counted = counts.denied();
        return new Step(
                to(Phase.LOST, at.nowMs(), counted, new Trouble(seen.why(), "", seen.why()), List.of()),
                at.facts(),
                counted.denials() == 1
                        ? at.times().retryFirst().toMillis()
                        : at.times().retryLast().toMillis());
    }

    private Step registered(Registered seen, Moment at) {
        at.facts().add(new MeshRegistered(at.id(), seen.server(), counts.joins() + 1));
        MeshState next = new MeshState(
                Phase.CONFIRMING, at.nowMs(), counts.registered(at.nowMs()), Trouble.NONE, List.of(), Optional.empty());
        return new Step(next, at.facts(), FIRST_LOOK_MS);
    }

    private Step waiting(Waiting seen, Moment at) {
        boolean begun = phase == Phase.CONFIRMING || phase == Phase.UNCONFIRMED;
        long since = begun ? sinceMs : at.nowMs();
        boolean over = phase == Phase.UNCONFIRMED
                || at.nowMs() - since >= at.times().confirm().toMillis();
        if (over || !seen.remedy().isEmpty()) {
            return unconfirmed(seen, over, at);
        }
        int looks = begun ? counts.looks() + 1 : 0;
        MeshState next = new MeshState(
                Phase.CONFIRMING,
                since,
                counts.looked(looks),
                new Trouble(seen.what(), "", trouble.told()),
                nodes,
                Optional.empty());
        return new Step(next, at.facts(), Math.min(LAST_LOOK_MS, FIRST_LOOK_MS << Math.min(looks, 3)));
    }

    private Step unconfirmed(Waiting seen, boolean over, Moment at) {
        String remedy = seen.remedy().isEmpty() ? seen.late() : seen.remedy();
        if (!seen.what().equals(trouble.told())) {
            String limit = over && phase == Phase.CONFIRMING
                    ? " registered it, but after " + at.times().confirm().toSeconds() + " s it is not in the mesh: "
                    : " registered it, and ";
            at.refused(Refusal.MESH_UNCONFIRMED, seen.server() + limit + seen.what(), remedy);
        }
        MeshState next = to(
                Phase.UNCONFIRMED,
                at.nowMs(),
                counts.looked(phase == Phase.UNCONFIRMED ? counts.looks() + 1 : 1),
                new Trouble(seen.what(), remedy, seen.what()),
                nodes);
        return new Step(next, at.facts(), at.times().retryLast().toMillis());
    }

    private Step notYet(NotYet seen, Moment at) {
        int failures = counts.looks() + 1;
        boolean lasts = !seen.fleeting() || seen.why().equals(trouble.why());
        boolean tell = lasts && !seen.why().equals(trouble.told());
        Counts counted = counts.looked(failures).joined(seen.tried());
        if (tell && seen.remedy().isEmpty()) {
            at.facts().add(new MeshDelayed(at.id(), counted.joins(), seen.why()));
        } else if (tell) {
            at.refused(Refusal.MESH_NOT_POSSIBLE, seen.why(), seen.remedy());
        }
        Trouble now = new Trouble(seen.why(), seen.remedy(), tell ? seen.why() : trouble.told());
        return new Step(to(Phase.JOINING, at.nowMs(), counted, now, List.of()), at.facts(), at.backoffMs(failures));
    }

    private Step refused(Refused seen, Moment at) {
        if (!seen.message().equals(trouble.told())) {
            at.refused(seen.reason(), seen.message(), seen.remedy());
        }
        MeshState next = new MeshState(
                Phase.REFUSED,
                phase == Phase.REFUSED ? sinceMs : at.nowMs(),
                counts.looked(counts.looks() + 1).joined(seen.tried()),
                new Trouble(seen.message(), seen.remedy(), seen.message()),
                List.of(),
                seen.token());
        return new Step(next, at.facts(), at.times().retryLast().toMillis());
    }

    /** Doubles from the first wait to the last, and spreads each over its second half. */
    private static long backoffMs(int failures, Times times, double jitter) {
        long full = Math.min(
                times.retryLast().toMillis(), times.retryFirst().toMillis() << Math.min(10, Math.max(0, failures - 1)));
        return Math.max(1, full / 2 + (long) (full / 2.0 * jitter));
    }
}
