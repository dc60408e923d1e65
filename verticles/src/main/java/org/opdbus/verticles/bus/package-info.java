// SPDX-License-Identifier: Apache-2.0
/**
 * The event bus, by which the parts of the agent communicate. No other package uses Vert.x's bus.
 *
 * <h2>Facts and steps</h2>
 *
 * <p>A <b>fact</b> is an {@link org.opdbus.events.Event}: something that is already true. {@link
 * org.opdbus.verticles.bus.Bus#publish} sends it to every subscriber. A publisher publishes a fact after the thing has
 * happened, never before, and never as a request.
 *
 * <pre>{@code
 * bus.publish(new LinkRenamed(container, index, from, to, NamingMode.RENAME));
 * Disposable subscription = bus.subscribe(Address.LINK_RENAMED, renamed -> ...);
 * Disposable everything = bus.subscribeAll(event -> ...);
 * }</pre>
 *
 * <p>A <b>step</b> is a {@link org.opdbus.verticles.bus.ContainerStep}: a request to one handler to do one thing for one container.
 * {@link org.opdbus.verticles.bus.Bus#send} takes it to the only handler of its type and returns the answer.
 *
 * <pre>{@code
 * Disposable handling = bus.handle(NameLink.class, step -> kernel.rename(step.link(), step.to()));
 * bus.send(new NameLink(container, link, name)).subscribe(() -> ..., failure -> ...);
 * }</pre>
 *
 * <h2>What is promised</h2>
 *
 * <ul>
 *   <li><b>Order.</b> One handler gets the facts of one publisher in the order in which they were published. Across
 *       addresses this holds only for {@code subscribeAll}. A fact that a handler publishes while it carries out a step may
 *       reach the sender of the step before or after the answer.
 *   <li><b>Threads.</b> A handler runs on the Vert.x context that subscribed it, and never on two threads at once.
 *   <li><b>Delivery</b> is best effort and stays within the process. A fact may come twice; a step may come twice or late.
 *       Every handler is idempotent, and a handler of facts can start over from a full listing.
 *   <li><b>Durability</b> is the ledger's task, never the bus's.
 *   <li><b>Failure.</b> A subscriber that throws is a bug; the exception goes to the exception handler of its context. A
 *       handler of steps answers with its failure. A step that gets no answer within {@link
 *       org.opdbus.verticles.bus.Bus#STEP_LIMIT_MS} fails with {@link org.opdbus.verticles.bus.UnansweredStepException}.
 * </ul>
 *
 * <h2>What a handler must do</h2>
 *
 * <p>A handler never blocks: work in the kernel, in files or in other programs runs on other threads. A slow handler delays
 * every other handler on its context, so a late event is a bug of the slow handler. A handler keeps its subscriptions and
 * disposes of them when its verticle stops.
 *
 * <h2>Testing</h2>
 *
 * <p>{@code testing.BusWatcher} remembers every event and waits for the event that a test expects.
 */
@NullMarked
package org.opdbus.verticles.bus;

import org.jspecify.annotations.NullMarked;
