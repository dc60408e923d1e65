// SPDX-License-Identifier: Apache-2.0
/**
 * The NonNet DB: the inventory of this host, as a read-only OVSDB server (RFC 7047) on a unix socket.
 *
 * <p>The server translates each change of the inventory into rows, {@link org.opdbus.verticles.nonnet.Tables}. The rows keep
 * their identifiers over a restart. Every answer and every update comes from the rows, so no client makes the agent ask the
 * kernel or another program. The rows contain only what the inventory contains. They exist only while a client needs them:
 * {@link org.opdbus.verticles.nonnet.LiveTables}.
 *
 * <p>Contract. <b>Threads</b>: everything runs on the verticle's context. <b>Order</b>: the changes that one fact makes
 * reach a client in one update. While the agent is busy, an update contains the changes of several facts, and no update
 * contains an object that appeared and vanished in between. A row that is written again unchanged is no change. <b>Cost</b>: the
 * cost of an update depends on what has changed, not on the size of the database.
 * <b>Limits</b>: the server limits clients, monitors, the size and number of values of a message, the rows that one request
 * reads, the length of its answer, and the memory that all clients together use. A client that exceeds a limit gets an error or
 * loses its connection, and other clients are not affected. <b>Failure</b>: if the server cannot open the socket, it logs one
 * line, and the rest of the agent runs. A later failure of one client ends only that client's connection.
 */
@NullMarked
package org.opdbus.verticles.nonnet;

import org.jspecify.annotations.NullMarked;
