// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.plan;

import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.enroll.netmaker.guest.MeshNode;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.Refused;
import org.opdbus.verticles.enroll.netmaker.plan.MeshStatus.Phase;

/**
 * How a running container stands with its mesh. Immutable; {@link MeshFold} makes each next state.
 *
 * @param phase where it is
 * @param sinceMs when the phase began, on the clock of {@link MeshFold#apply}
 * @param counts what was counted
 * @param trouble what stands in the way
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

    /** A container that has just started, or whose configuration has changed. */
    public static MeshState fresh(long nowMs) {
        return new MeshState(Phase.JOINING, nowMs, MeshCounts.NONE, MeshTrouble.NONE, List.of(), Optional.empty());
    }

    /** What stands in the way; empty if nothing does. */
    public String why() {
        return trouble.why();
    }

    /** What the user has to do; empty if it may pass by itself. */
    public String remedy() {
        return trouble.remedy();
    }

    /** Whether the container was seen in its mesh. */
    public boolean isIn() {
        return phase == Phase.JOINED || phase == Phase.DEGRADED || phase == Phase.LOST;
    }

    /** The same container, as if it had not been in its mesh yet. */
    MeshState begun(long nowMs) {
        return new MeshState(Phase.JOINING, nowMs, counts.checked(0), MeshTrouble.NONE, List.of(), Optional.empty());
    }

    /** The same container in this phase, which began earlier if it is the same phase. */
    MeshState to(Phase next, long nowMs, MeshCounts counted, MeshTrouble now, List<MeshNode> with) {
        return new MeshState(next, phase == next ? sinceMs : nowMs, counted, now, with, Optional.empty());
    }

    /** The same, with this refusal in mind. */
    MeshState with(Optional<Refused> refusal) {
        return new MeshState(phase, sinceMs, counts, trouble, nodes, refusal);
    }
}
