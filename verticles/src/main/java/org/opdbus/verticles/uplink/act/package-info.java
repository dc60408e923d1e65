// SPDX-License-Identifier: Apache-2.0
/**
 * Carries out one step of a move in Open vSwitch and the kernel, and asks whether the network answers afterwards.
 *
 * <p>{@link org.opdbus.verticles.uplink.act.NetworkSteps} is the way in. Contract. <b>Blocking</b>: every call blocks its caller
 * for a limited time. <b>Failure</b>: an {@link org.opdbus.verticles.uplink.plan.UplinkFailure} says what could not be done and
 * why. <b>Repetition</b>: a step that was carried out in part, or in whole, may be carried out again. <b>Threads</b>: one step at
 * a time.
 */
@NullMarked
package org.opdbus.verticles.uplink.act;

import org.jspecify.annotations.NullMarked;
