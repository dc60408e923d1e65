// SPDX-License-Identifier: Apache-2.0
/**
 * The kernel as a source: the messages of rtnetlink about links become {@link
 * org.opdbus.events.LinkEvent}s.
 *
 * <p>Contract. <b>Beginning</b>: every existing link as LinkAppeared, then SourceListed, then
 * changes. <b>Order</b>: the kernel's, for each link. <b>Loss</b>: when messages were lost, in the
 * kernel's buffer or on the way to the event loop, the source publishes SourceLost. A fresh listing
 * follows: its differences as events, then SourceListed. Periodic listings guard against losses
 * that the source did not notice. <b>Pace</b>: messages about links that lead into no container are read together, at most 32
 * ms late; a link that has come and gone in between leaves no event. <b>Threads</b>: one thread of the verticle's own blocks in the
 * kernel; the event loop never does. <b>Failure</b>: a feed that fails is opened again, after
 * growing pauses.
 */
@NullMarked
package org.opdbus.verticles.netlink;

import org.jspecify.annotations.NullMarked;
