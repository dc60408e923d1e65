// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.plan;

import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.enroll.netmaker.guest.MeshNode;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.Refused;
import org.opdbus.verticles.enroll.netmaker.plan.MeshStatus.Phase;

/**
 * The mesh state of a running container. Immutable; {@link MeshFold} makes each next state.
 *
 * @param phase the phase
 * @param sinceMs when the phase began, on the clock of {@link MeshFold#apply}
 * @param counts what was counted
 * @param trouble the obstacle
 * @param nodes its nodes
 * @param refused the refusal of its token; the agent does not try the same token again
 */
public record MeshState(
        Phase phase,
        long sinceMs,
        MeshCounts counts,
        MeshTrouble trouble,
        List<MeshNode> nodes,
        Optional<Refused> refused) {
    public MeshState {
        nodes = List.copyOf(nodes);
    }

    /** Returns the state of a container that has just started, or whose configuration has changed. */
    public static MeshState fresh(long nowMs) {
        return new MeshState(Phase.JOINING, nowMs, MeshCounts.NONE, MeshTrouble.NONE, List.of(), Optional.empty());
    }

    /** Returns the obstacle; empty if there is none. */
    public String why() {
        return trouble.why();
    }

    /** Returns what the user must do; empty if it may pass by itself. */
    public String remedy() {
        return trouble.remedy();
    }

    /** Returns whether the container was seen in its mesh. */
    public boolean isIn() {
        return phase == Phase.JOINED || phase == Phase.DEGRADED || phase == Phase.LOST;
    }

    /** Returns the state of the same container before it is in its mesh. */
    MeshState begun(long nowMs) {
        return new MeshState(Phase.JOINING, nowMs, counts.checked(0), MeshTrouble.NONE, List.of(), Optional.empty());
    }

    /** Returns the same container in this phase; the time of its begin is kept if the phase is the same. */
    MeshState to(Phase next, long nowMs, MeshCounts counted, MeshTrouble now, List<MeshNode> with) {
        return new MeshState(next, phase == next ? sinceMs : nowMs, counted, now, with, Optional.empty());
    }

    /** Returns the same state with this refusal. */
    MeshState with(Optional<Refused> refusal) {
        return new MeshState(phase, sinceMs, counts, trouble, nodes, refusal);
    }
}
