// SPDX-License-Identifier: Apache-2.0
/**
 * The control socket: JSON-RPC for the command line on this host, for root only.
 *
 * <p>This package answers {@code events} with the position of the ledger, and sends every following
 * event as a notification {@code event} until the caller disconnects. With {@code all_hosts} it
 * also sends the events of other hosts; {@code events-held} answers with those that are still held,
 * page by page. {@code entries} sends what other hosts write into their ledgers from then on, as
 * notifications {@code entry}. {@link org.opdbus.verticles.control.ControlRequests} answers all
 * other requests; the messages that it sends before the answer reach the caller as notifications
 * {@code progress}. A caller that does not read misses events and is told how many; the bus never
 * waits for a caller.
 */
@NullMarked
package org.opdbus.verticles.control;

import org.jspecify.annotations.NullMarked;
