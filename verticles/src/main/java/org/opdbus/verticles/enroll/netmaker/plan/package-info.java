// SPDX-License-Identifier: Apache-2.0
/**
 * What to do next for a container and its mesh. Without side effects: no code here reads a file, asks a server or
 * waits.
 *
 * <p>{@link org.opdbus.verticles.enroll.netmaker.plan.MeshPlan} decides the next action from one picture. {@link
 * org.opdbus.verticles.enroll.netmaker.plan.MeshFold} turns the observation that the action led to into the next
 * state, the facts to publish, and the time of the next check. It is the only writer of {@link
 * org.opdbus.verticles.enroll.netmaker.plan.MeshState}.
 */
@NullMarked
package org.opdbus.verticles.enroll.netmaker.plan;

import org.jspecify.annotations.NullMarked;
