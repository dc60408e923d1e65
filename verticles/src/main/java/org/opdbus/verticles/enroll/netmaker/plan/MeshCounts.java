// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.plan;

/**
 * What was counted for a container since it started.
 *
 * @param checks how many checks in a row brought it no further; the delays grow with this number
 * @param joins how often netclient's join was run
 * @param registrations how many of these joins the server accepted
 * @param denials how often in a row its server has said that it no longer has its host or nodes
 * @param rejoins how often the container has joined again after that
 * @param rejoinedMs when it last joined again
 */
public record MeshCounts(int checks, int joins, int registrations, int denials, int rejoins, long rejoinedMs) {
    /** A container that has just started. */
    public static final MeshCounts NONE = new MeshCounts(0, 0, 0, 0, 0, 0);

    MeshCounts checked(int times) {
        return new MeshCounts(times, joins, registrations, denials, rejoins, rejoinedMs);
    }

    MeshCounts joined(boolean tried) {
        return new MeshCounts(checks, joins + (tried ? 1 : 0), registrations, denials, rejoins, rejoinedMs);
    }

    MeshCounts registered(long nowMs) {
        return denials == 0
                ? new MeshCounts(0, joins + 1, registrations + 1, 0, rejoins, rejoinedMs)
                : new MeshCounts(0, joins + 1, registrations + 1, 0, rejoins + 1, nowMs);
    }

    MeshCounts denied() {
        return new MeshCounts(checks, joins, registrations, denials + 1, rejoins, rejoinedMs);
    }

    MeshCounts inMesh() {
        return new MeshCounts(0, joins, registrations, 0, rejoins, rejoinedMs);
    }
}
