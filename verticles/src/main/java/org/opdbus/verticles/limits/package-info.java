// SPDX-License-Identifier: Apache-2.0
/**
 * How many connections callers may have, and how much memory they may make the agent hold, in one place for all of its sockets.
 *
 * <p>Each limit of a single caller is small, but callers are many and any local user may be one. So every face (HTTP, NonNet,
 * the control socket) takes what it holds for a caller from one {@link org.opdbus.verticles.limits.ByteBudget}, and the
 * caller for whom most is held loses its connection when the whole grows too large. A Vert.x on a {@link
 * org.opdbus.verticles.limits.LimitedTransport} closes connections beyond a server's limit where they are accepted.
 *
 * <p>{@link org.opdbus.verticles.limits.Backoff} limits how often a failed attempt is made again.
 */
@NullMarked
package org.opdbus.verticles.limits;

import org.jspecify.annotations.NullMarked;
