// SPDX-License-Identifier: Apache-2.0
/**
 * Requests that a caller of the agent writes itself and that the agent passes on to ovsdb-server unchanged.
 *
 * <p>Contract. {@link org.opdbus.verticles.ovsdb.raw.RawDatabase} opens a connection of its own for each request, so that nothing
 * that a caller asks for can end or delay the connection from which the agent has its facts. <b>Threads</b>: a connection belongs
 * to the subscriber's context. <b>Limits</b>: requests, answers, unread updates, the time of an answer, the number of connections
 * and the memory of all of them are limited. <b>Failure</b>: a {@link org.opdbus.verticles.edges.BridgeException}.
 */
@NullMarked
package org.opdbus.verticles.ovsdb.raw;

import org.jspecify.annotations.NullMarked;
