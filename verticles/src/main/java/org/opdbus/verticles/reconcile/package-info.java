// SPDX-License-Identifier: Apache-2.0
/**
 * Brings what is observed to what is desired, one container at a time.
 *
 * <p>Facts from the bus are folded into a {@link org.opdbus.verticles.view.HostView}; each says only "look again at
 * this container", and at which of its links. {@link org.opdbus.verticles.reconcile.Planner} is a pure function from that
 * view, the {@link org.opdbus.verticles.reconcile.Intent} for a container and the {@link
 * org.opdbus.verticles.view.Enrollments} of what was enrolled, to the next {@link
 * org.opdbus.verticles.reconcile.Action} for each of its links. The same function serves start-up, drift and
 * normal life, so a run that was killed between any two actions is finished by the next one.
 *
 * <p>Everything but {@link org.opdbus.verticles.reconcile.Steps}' edges runs on the context of {@link
 * org.opdbus.verticles.reconcile.ReconcileVerticle}. At most one action a link is under way at a time; what concerns a
 * container as a whole is done alone. What a plan says of links that no fact has touched is taken over from the last one. A
 * failed action is tried again with a growing, jittered delay; nothing here ever gives up, and nothing here delays a container.
 */
@NullMarked
package org.opdbus.verticles.reconcile;

import org.jspecify.annotations.NullMarked;
