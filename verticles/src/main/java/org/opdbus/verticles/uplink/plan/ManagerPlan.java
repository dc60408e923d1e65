// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.List;
import java.util.Set;

/**
 * What the program that configures the host's network at boot needs for a move. The planner puts these steps into the plan.
 *
 * @param manager the program's name, for people: {@code ifupdown2}
 * @param before steps before the link is attached, such as {@link Step.WriteFiles}, and making the manager let go of the link
 * @param after steps after the addresses have moved, such as making the manager take the bridge
 * @param takenOver the processes of the DHCP clients that the steps stop on the link and replace on its receiver; the planner
 *     refuses a move while another client runs for the link
 * @param notes what a person should know
 */
public record ManagerPlan(
        String manager, List<Step> before, List<Step> after, Set<Long> takenOver, List<String> notes) {
    public ManagerPlan {
        before = List.copyOf(before);
        after = List.copyOf(after);
        takenOver = Set.copyOf(takenOver);
        notes = List.copyOf(notes);
    }

    /** A plan that takes over no DHCP client. */
    public ManagerPlan(String manager, List<Step> before, List<Step> after, List<String> notes) {
        this(manager, before, after, Set.of(), notes);
    }
}
