// SPDX-License-Identifier: Apache-2.0
/**
 * The types that the router, the planning rules and the handlers share: what the desired state is, and what happens next.
 *
 * <p>A {@link org.opdbus.verticles.plan.LinkRule} checks one link of a running container and returns an {@link
 * org.opdbus.verticles.plan.Outcome}: carry out a {@link org.opdbus.verticles.plan.PlannedStep}, refuse, or rest. Rules are
 * pure: they read the {@link org.opdbus.verticles.view.HostView} and change nothing. The package that carries steps out also
 * holds the rules that plan these steps. {@code hotpath.RuleOrder} puts all rules in their order.
 */
@NullMarked
package org.opdbus.verticles.plan;

import org.jspecify.annotations.NullMarked;
