// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.List;
import org.opdbus.verticles.uplink.plan.UplinkRefusal.Reason;

/**
 * Decides how an uplink gets onto a bridge, and off it again. It is pure: the same picture gives the same plan, and nothing is read
 * or changed.
 *
 * <p>A plan takes along everything that makes the host reachable over the link, or there is no plan: what this program cannot carry
 * over to the receiver is a reason to refuse.
 */
public final class UplinkPlanner {
    private UplinkPlanner() {}

    /**
     * Plans a move.
     *
     * @param picture the host's network
     * @param request what is asked for
     * @param manager what the program that configures the host's network needs
     * @param id the identifier of the move: letters, digits and hyphens
     * @throws UplinkRefusal if the move will not be made; it has every reason at once
     */
    public static UplinkPlan plan(UplinkPicture picture, MoveRequest request, ManagerPlan manager, String id) {
        boolean isOnto = request.direction() == MoveRequest.Direction.ONTO;
        List<Reason> reasons =
                isOnto ? OntoChecks.reasons(picture, request, manager) : BackChecks.reasons(picture, request, manager);
        if (!reasons.isEmpty()) {
            throw new UplinkRefusal(reasons);
        }
        return isOnto ? OntoPlan.of(picture, request, manager, id) : BackPlan.of(picture, request, manager, id);
    }
}
