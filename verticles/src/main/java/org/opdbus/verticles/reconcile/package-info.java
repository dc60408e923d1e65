// SPDX-License-Identifier: Apache-2.0
/**
 * Decides the next steps for each container, and sends them to the handlers in other packages.
 *
 * <p>It folds facts from the bus into the {@link org.opdbus.verticles.view.HostView}; each fact only says which
 * container to check again, and which of its links. The planner is a pure function from that view and from the {@link
 * org.opdbus.verticles.plan.Intent} for a container to the next {@link org.opdbus.verticles.plan.PlannedStep} for
 * each of its links. It asks the {@link org.opdbus.verticles.plan.Rules} of the other rooms in the order in which the
 * wiring has put them, and knows none of these rooms. The same function serves start-up, drift and normal life, so
 * the next run finishes what a run that was killed between any two steps has begun.
 *
 * <p>Steps go to their handlers over the bus. Each link runs at most one step at a time; a step for a container as a
 * whole runs alone. The next step follows when the view shows the effect of the last one, whether the facts come
 * before or after the handler's answer. The decisions about links that no fact concerns are reused from the last
 * plan. A step that failed, or got no answer by its deadline, is planned again after a growing, jittered delay; the
 * router never gives up and never delays a container.
 *
 * <p>Everything runs on the context of {@link org.opdbus.verticles.reconcile.ReconcileVerticle}.
 */
@NullMarked
package org.opdbus.verticles.reconcile;

import org.jspecify.annotations.NullMarked;
