// SPDX-License-Identifier: Apache-2.0
/**
 * The NonNet DB: the inventory of this host, as a read-only OVSDB server (RFC 7047) on a unix socket.
 *
 * <p>What is different in the inventory is translated into rows, {@link org.opdbus.verticles.nonnet.Tables}, whose identifiers
 * are the same after a restart; every answer and every update comes from there, so that no client makes the agent ask anybody
 * anything. The rows are the inventory in OVSDB's words and hold nothing else.
 *
 * <p>Contract. <b>Threads</b>: everything runs on the verticle's context. <b>Order</b>: the changes that one fact makes
 * reach a client in one update; while the agent is busy, an update has the changes of several facts, and what came and went
 * between two updates is in none; a row that is written again unchanged is no change. <b>Cost</b>: an update costs what has
 * changed, not what there is, and asks nobody anything.
 * <b>Limits</b>: clients, monitors, the size and number of values of a message, the rows that one request looks at, the
 * length of its answer, and what all clients make the agent hold are bounded; a client past a bound gets an error or loses its
 * connection, and other clients do not notice. <b>Failure</b>: a socket that cannot be had is said in one line, and the rest of
 * the agent runs; afterwards whatever a client does ends with that client.
 */
@NullMarked
package org.opdbus.verticles.nonnet;

import org.jspecify.annotations.NullMarked;
