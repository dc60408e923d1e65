// SPDX-License-Identifier: Apache-2.0
/**
 * The event bus: the only code that touches Vert.x's.
 *
 * <p>Contract. <b>Order</b>: events of one publisher reach one handler in the order in which they were published; across
 * addresses that holds only for a handler that listens to every event. <b>Threads</b>: a handler runs on the context
 * that subscribed it and never on two threads at once. <b>Delivery</b> is best effort and within this process: a handler
 * must bear an event that comes twice, and must be able to begin again from a full listing. <b>Durability</b> is the
 * ledger's, never the bus's. <b>Failure</b>: a handler that throws is a bug; the exception goes to the exception handler
 * of its context.
 */
@NullMarked
package org.opdbus.verticles.bus;

import org.jspecify.annotations.NullMarked;
