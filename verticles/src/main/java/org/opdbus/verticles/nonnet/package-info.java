// SPDX-License-Identifier: Apache-2.0
/**
 * The NonNet DB: what the agent knows of this host, as a read-only OVSDB server (RFC 7047) on a unix socket.
 *
 * <p>The facts of the bus are folded into {@link org.opdbus.verticles.nonnet.Tables}, rows whose identifiers are the same
 * after a restart; every answer and every update comes from there, so that no client makes the agent ask anybody anything.
 *
 * <p>Contract. <b>Threads</b>: everything runs on the verticle's context. <b>Order</b>: the changes that one fact makes
 * reach a client as one update, and updates come in the order of the facts; a row that is written again unchanged is no
 * change. <b>Cost</b>: a fact about a stranger's link costs the same however many there are, and asks nobody anything.
 * <b>Limits</b>: clients, monitors, the size and number of values of a message, the rows that one request looks at, the
 * length of its answer, and what all clients make the agent hold are bounded; a client past a bound gets an error or loses its
 * connection, and other clients do not notice. <b>Failure</b>: a socket that cannot be had is said in one line, and the rest of
 * the agent runs; afterwards whatever a client does ends with that client.
 */
@NullMarked
package org.opdbus.verticles.nonnet;

import org.jspecify.annotations.NullMarked;
