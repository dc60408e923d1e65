// SPDX-License-Identifier: Apache-2.0
/**
 * The words in which the router, the planning rules and the handlers speak of what is to be done next.
 *
 * <p>A {@link org.opdbus.verticles.plan.LinkRule} looks at one link of a running container and says an {@link
 * org.opdbus.verticles.plan.Outcome}: do a {@link org.opdbus.verticles.plan.PlannedStep}, refuse, or rest. Rules are pure:
 * they read the {@link org.opdbus.verticles.view.HostView} and change nothing. The rooms that carry steps out hold the rules
 * that plan these steps; the wiring puts all rules in their order.
 */
@NullMarked
package org.opdbus.verticles.plan;

import org.jspecify.annotations.NullMarked;
