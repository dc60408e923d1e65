// SPDX-License-Identifier: Apache-2.0
/**
 * The kernel as a source: what rtnetlink says about links becomes {@link org.opdbus.events.LinkEvent}s.
 *
 * <p>Contract. <b>Beginning</b>: every link there is as LinkAppeared, then SourceListed, then changes. <b>Order</b>: the
 * kernel's, for each link. <b>Loss</b>: when messages were lost, in the kernel's buffer or on the way to the event loop,
 * SourceLost says so and a fresh listing follows: its differences as events, then SourceListed; a listing made now and
 * then guards against what nobody noticed. <b>Threads</b>: one thread of the verticle's own blocks in the kernel; the
 * event loop never does. <b>Failure</b>: a feed that breaks is opened again, with growing pauses.
 */
@NullMarked
package org.opdbus.verticles.netlink;

import org.jspecify.annotations.NullMarked;
