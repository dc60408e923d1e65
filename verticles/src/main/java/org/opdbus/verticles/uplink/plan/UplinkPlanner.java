// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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
        List<Reason> reasons = reasons(picture, request, manager);
        if (!reasons.isEmpty()) {
            throw new UplinkRefusal(reasons);
        }
        return request.direction() == MoveRequest.Direction.ONTO
                ? OntoPlan.of(picture, request, manager, id)
                : BackPlan.of(picture, request, manager, id);
    }

    private static List<Reason> reasons(UplinkPicture picture, MoveRequest request, ManagerPlan manager) {
        return request.direction() == MoveRequest.Direction.ONTO
                ? OntoChecks.reasons(picture, request, manager)
                : BackChecks.reasons(picture, request, manager);
    }

    /**
     * Returns a refusal with the reasons of the program that configures the network, and all others.
     *
     * @param manager why there is no {@link ManagerPlan}
     */
    public static UplinkRefusal refusal(UplinkPicture picture, MoveRequest request, UplinkRefusal manager) {
        // Without a plan it is not known which clients it would take over, so each counts as one of them.
        Set<Long> clients = picture.clients().values().stream()
                .flatMap(List::stream)
                .map(UplinkPicture.DhcpClient::pid)
                .collect(Collectors.toSet());
        List<Reason> all = new ArrayList<>(
                reasons(picture, request, new ManagerPlan("", List.of(), List.of(), clients, List.of())));
        all.addAll(manager.reasons());
        return new UplinkRefusal(all);
    }
}
