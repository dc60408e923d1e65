// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

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
import org.opdbus.verticles.netmaker.MeshStatus.Phase;
import org.opdbus.verticles.netmaker.NetmakerOptions.Times;
import org.opdbus.verticles.netmaker.Seen.Ended;
import org.opdbus.verticles.netmaker.Seen.Health;
import org.opdbus.verticles.netmaker.Seen.InMesh;
import org.opdbus.verticles.netmaker.Seen.NotYet;
import org.opdbus.verticles.netmaker.Seen.Refused;
import org.opdbus.verticles.netmaker.Seen.Registered;

/**
 * How a running container stands with its mesh. Immutable; {@link #after} is the whole of its life.
 *
 * @param phase where it is
 * @param attempts how many looks in a row have failed to bring it further
 * @param why what stands in the way; empty if nothing does
 * @param remedy what somebody has to do about it; empty if time may help
 * @param told what was told last of what stands in the way, so that nothing is told twice
 * @param sinceMs when the phase began, on the clock that {@link #after} is given
 * @param registered whether this run of the agent registered it
 * @param nodes its nodes
 * @param refused the token that it was refused with
 */
record MeshState(
        Phase phase,
        int attempts,
        String why,
        String remedy,
        String told,
        long sinceMs,
        boolean registered,
        List<MeshNode> nodes,
        Optional<EnrollmentToken> refused) {
    private static final String UNCONFIRMED_REMEDY =
            "see that netclient's daemon runs in the container, and that the host waits for nobody's approval"
                    + " on the server; the agent goes on watching";
    private static final String PENDING = "it waits for somebody's approval there";
    private static final String PENDING_REMEDY = "approve the host on the server; it joins by itself then";
    private static final long FIRST_LOOK_MS = 250;
    private static final long LAST_LOOK_MS = 2_000;

    /** What a look led to: the state from now on, the facts to tell, and when to look again, in milliseconds. */
    record Step(MeshState next, List<Event> facts, long againMs) {}

    /** A container that has just started, or that something has changed for. */
    static MeshState fresh(long nowMs) {
        return new MeshState(Phase.JOINING, 0, "", "", "", nowMs, false, List.of(), Optional.empty());
    }

    /**
     * What follows from a look.
     *
     * @param jitter spreads retries; from 0 to 1
     */
    Step after(ContainerId id, Seen seen, long nowMs, Times times, double jitter) {
        if (seen instanceof Ended) {
            // Those who watch over containers are about to say so.
            return new Step(this, List.of(), times.retryLast().toMillis());
        }
        List<Event> facts = new ArrayList<>();
        if (seen instanceof InMesh in) {
            return in.health() == Health.WITHOUT_INTERFACE
                    ? withoutInterface(id, in, nowMs, times, jitter, facts)
                    : inMesh(id, in, nowMs, times, facts);
        }
        MeshState from = this;
        if (isIn()) {
            facts.add(new MeshLost(id, "its node is gone"));
            from = fresh(nowMs);
        }
        if (seen instanceof Registered registration) {
            return from.registered(id, registration, nowMs, times, facts);
        }
        if (seen instanceof NotYet notYet) {
            return from.notYet(id, notYet, nowMs, times, jitter, facts);
        }
        return from.refused(id, (Refused) seen, nowMs, times, facts);
    }

    private boolean isIn() {
        return phase == Phase.JOINED || phase == Phase.DEGRADED || phase == Phase.LOST;
    }

    private Step inMesh(ContainerId id, InMesh in, long nowMs, Times times, List<Event> facts) {
        boolean settled = isIn() && nowMs - sinceMs > times.silence().toMillis();
        boolean degraded =
                in.health() == Health.DOUBTED || (in.health() == Health.SILENT && (settled || phase == Phase.DEGRADED));
        Phase next = degraded ? Phase.DEGRADED : Phase.JOINED;
        if (!isIn() || !nodes.equals(in.nodes())) {
            in.nodes().stream()
                    .filter(node -> !isIn() || !nodes.contains(node))
                    .forEach(node -> facts.add(new MeshJoined(
                            id,
                            node.network(),
                            in.server(),
                            in.hostId(),
                            node.nodeId(),
                            node.address(),
                            in.link(),
                            !registered)));
        }
        if (degraded && phase != Phase.DEGRADED) {
            facts.add(new MeshDegraded(id, in.why()));
        } else if (!degraded && isIn() && phase != Phase.JOINED) {
            facts.add(new MeshRecovered(id));
        }
        long since = phase == next ? sinceMs : nowMs;
        return new Step(
                new MeshState(
                        next, 0, degraded ? in.why() : "", "", "", since, registered, in.nodes(), Optional.empty()),
                facts,
                times.health().toMillis());
    }

    private Step withoutInterface(
            ContainerId id, InMesh in, long nowMs, Times times, double jitter, List<Event> facts) {
        if (!isIn()) {
            return confirming(id, in.server(), in.why(), nowMs, times, facts);
        }
        boolean first = phase != Phase.LOST;
        if (first) {
            facts.add(new MeshLost(id, in.why()));
        }
        int failures = first ? 0 : attempts + 1;
        return new Step(
                new MeshState(
                        Phase.LOST,
                        failures,
                        in.why(),
                        "",
                        "",
                        first ? nowMs : sinceMs,
                        registered,
                        in.nodes(),
                        Optional.empty()),
                facts,
                first ? 1 : backoffMs(failures, times, jitter));
    }

    private Step registered(ContainerId id, Registered seen, long nowMs, Times times, List<Event> facts) {
        if (seen.justNow()) {
            facts.add(new MeshRegistered(id, seen.server(), attempts + 1));
            MeshState begun = new MeshState(Phase.CONFIRMING, 0, "", "", "", nowMs, true, List.of(), Optional.empty());
            return new Step(begun, facts, FIRST_LOOK_MS);
        }
        return seen.pending() && phase != Phase.UNCONFIRMED
                ? unconfirmed(id, seen.server() + " registered it, and ", PENDING, PENDING_REMEDY, nowMs, times, facts)
                : confirming(id, seen.server(), "the server has given it no node", nowMs, times, facts);
    }

    private Step confirming(ContainerId id, String server, String what, long nowMs, Times times, List<Event> facts) {
        if (phase == Phase.UNCONFIRMED) {
            return new Step(this, facts, times.retryLast().toMillis());
        }
        boolean begun = phase == Phase.CONFIRMING;
        long since = begun ? sinceMs : nowMs;
        if (nowMs - since < times.confirm().toMillis()) {
            int looks = begun ? attempts + 1 : 0;
            MeshState next =
                    new MeshState(Phase.CONFIRMING, looks, what, "", "", since, registered, nodes, Optional.empty());
            return new Step(next, facts, Math.min(LAST_LOOK_MS, FIRST_LOOK_MS << Math.min(looks, 3)));
        }
        String limit = " registered it, but after " + times.confirm().toSeconds() + " s it is not in the mesh: ";
        return unconfirmed(id, server + limit, what, UNCONFIRMED_REMEDY, nowMs, times, facts);
    }

    private Step unconfirmed(
            ContainerId id, String intro, String what, String remedy, long nowMs, Times times, List<Event> facts) {
        facts.add(new EnrollmentRefused(id, Optional.empty(), Refusal.MESH_UNCONFIRMED, intro + what, remedy));
        MeshState next =
                new MeshState(Phase.UNCONFIRMED, 0, what, remedy, "", nowMs, registered, nodes, Optional.empty());
        return new Step(next, facts, times.retryLast().toMillis());
    }

    private Step notYet(ContainerId id, NotYet seen, long nowMs, Times times, double jitter, List<Event> facts) {
        int failures = attempts + 1;
        boolean lasts = !seen.fleeting() || seen.why().equals(why);
        boolean tell = lasts && !seen.why().equals(told);
        if (tell) {
            facts.add(
                    seen.remedy().isEmpty()
                            ? new MeshDelayed(id, failures, seen.why())
                            : new EnrollmentRefused(
                                    id, Optional.empty(), Refusal.MESH_NOT_POSSIBLE, seen.why(), seen.remedy()));
        }
        MeshState next = new MeshState(
                Phase.JOINING,
                failures,
                seen.why(),
                seen.remedy(),
                tell ? seen.why() : told,
                phase == Phase.JOINING ? sinceMs : nowMs,
                registered,
                List.of(),
                Optional.empty());
        return new Step(next, facts, backoffMs(failures, times, jitter));
    }

    private Step refused(ContainerId id, Refused seen, long nowMs, Times times, List<Event> facts) {
        if (!seen.message().equals(told)) {
            facts.add(new EnrollmentRefused(id, Optional.empty(), seen.reason(), seen.message(), seen.remedy()));
        }
        MeshState next = new MeshState(
                Phase.REFUSED,
                attempts + 1,
                seen.message(),
                seen.remedy(),
                seen.message(),
                phase == Phase.REFUSED ? sinceMs : nowMs,
                registered,
                List.of(),
                seen.token());
        return new Step(next, facts, times.retryLast().toMillis());
    }

    /** Doubles from the first wait to the last, and spreads each over its second half. */
    private static long backoffMs(int failures, Times times, double jitter) {
        long full = Math.min(
                times.retryLast().toMillis(), times.retryFirst().toMillis() << Math.min(10, Math.max(0, failures - 1)));
        return Math.max(1, full / 2 + (long) (full / 2.0 * jitter));
    }
}
