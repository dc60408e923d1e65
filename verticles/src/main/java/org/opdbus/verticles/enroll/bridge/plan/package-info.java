// SPDX-License-Identifier: Apache-2.0
/**
 * Decides the next step for a link that should be a port of an Open vSwitch bridge: one small rule for each question, and the
 * steps that the rules return.
 *
 * <p>The rules are pure: they read the view and change nothing. The router asks them in the order that {@code
 * hotpath.RuleOrder} gives. {@link org.opdbus.verticles.enroll.bridge.plan.QuietTimes} keeps the times in which another
 * program may be at work on a link. The package {@code org.opdbus.verticles.enroll.bridge} carries the steps out.
 */
@NullMarked
package org.opdbus.verticles.enroll.bridge.plan;

import org.jspecify.annotations.NullMarked;
