// SPDX-License-Identifier: Apache-2.0
/**
 * The control socket: JSON-RPC for the command line on this host, for root only.
 *
 * <p>{@code events} is answered here: by where the ledger stands, and every event that follows comes as a notification
 * {@code event} until the caller goes; with {@code all_hosts} also what other hosts tell, of which {@code events-held}
 * answers what is still held, page by page. {@code entries} tells what other hosts write into their ledgers from then on, as
 * notifications {@code entry}. What else
 * can be asked is said by {@link org.opdbus.verticles.control.ControlRequests}; what it says before it answers goes to the
 * caller as notifications {@code progress}. A caller that does not
 * read misses events and is told how many; the bus never waits for one.
 */
@NullMarked
package org.opdbus.verticles.control;

import org.jspecify.annotations.NullMarked;
