// SPDX-License-Identifier: Apache-2.0
/**
 * Decides what is done next for each container, and sends that to the room that does it.
 *
 * <p>Facts from the bus are folded into the {@link org.opdbus.verticles.view.HostView}; each says only "look again at this
 * container", and at which of its links. The planner is a pure function from that view and from the {@link
 * org.opdbus.verticles.plan.Intent} for a container to the next {@link org.opdbus.verticles.plan.PlannedStep} for each of its
 * links. It asks the {@link org.opdbus.verticles.plan.Rules} of the other rooms in the order in which the wiring has put them,
 * and knows none of these rooms. The same function serves start-up, drift and normal life, so the next run finishes what a
 * run that was killed between any two steps has begun.
 *
 * <p>Steps go to their handlers over the bus. At most one step a link is under way at a time; what concerns a container as a
 * whole is done alone. The next step follows when the effect of the last one shows in the view, whether the facts come before
 * or after the handler's answer. What a plan says of links that no fact has touched is taken over from the last one. A step
 * that failed, or got no answer by its deadline, is planned anew after a growing, jittered delay; the router never gives up
 * and never delays a container.
 *
 * <p>Everything runs on the context of {@link org.opdbus.verticles.reconcile.ReconcileVerticle}.
 */
@NullMarked
package org.opdbus.verticles.reconcile;

import org.jspecify.annotations.NullMarked;
