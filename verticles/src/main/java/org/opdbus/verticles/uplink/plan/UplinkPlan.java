// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.List;

/**
 * How a move is made.
 *
 * @param id the move's identifier: letters, digits and hyphens, unique on this host
 * @param request what was asked for
 * @param manager the program that configures this host's network at boot, such as {@code ifupdown2}, and how that is known
 * @param steps in their order
 * @param notes what a person should know before the move, in sentences
 */
public record UplinkPlan(String id, MoveRequest request, String manager, List<Step> steps, List<String> notes) {
    public UplinkPlan {
        steps = List.copyOf(steps);
        notes = List.copyOf(notes);
    }
}
