// SPDX-License-Identifier: Apache-2.0
/**
 * The stream of {@code /api/v1/stream}: what there is on this host and its peers, every change of it, and every event, as server-sent
 * events.
 *
 * <p>{@code StreamHub} brings all readers up to the newest inventory and the newest event, some ten times a second at most, and encodes
 * once what they lack. A {@code StreamReader} has no queue. It knows what its reader has, the inventory and the number of the next line
 * about an event; a reader that is slow, or that was cut off and comes back with the id of its last message, gets the difference between
 * that and the present. So nothing is missed and nothing comes twice, whatever a reader does:
 *
 * <ul>
 *   <li>A change leads from the version that the reader has to another one. If that version is no longer held, it gets all of the
 *       inventory instead.
 *   <li>Events have numbers. Lines that are no longer held are named in a message about the gap.
 * </ul>
 *
 * <p>Contract. <b>Threads</b>: everything runs on the event loop of HTTP. <b>Cost</b>: the hub listens while there are readers and for
 * a minute afterwards; before the first reader its classes are not even loaded. <b>Limits</b>: readers, held inventories, held lines, and
 * the piece of a message that waits for a reader to take it, which counts in the budget of all faces; a reader that takes nothing is
 * closed.
 */
@NullMarked
package org.opdbus.verticles.http.stream;

import org.jspecify.annotations.NullMarked;
