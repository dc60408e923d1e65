// SPDX-License-Identifier: Apache-2.0
/**
 * Limits for all of the agent's sockets in one place: how many connections callers may have, and
 * how much memory they can make the agent hold.
 *
 * <p>The limit of a single caller is small, but there are many callers, and any local user may be
 * one. So every face (HTTP, NonNet, the control socket) takes what it holds for a caller from one
 * {@link org.opdbus.verticles.limits.ByteBudget}. When the total grows too large, the caller that
 * holds most loses its connection. A Vert.x on a {@link
 * org.opdbus.verticles.limits.LimitedTransport} closes connections beyond a server's limit where
 * they are accepted.
 *
 * <p>{@link org.opdbus.verticles.limits.Backoff} limits how often a failed attempt is repeated, and {@link
 * org.opdbus.verticles.limits.Allowance} how often something happens for one name, such as a line in the log about a host.
 * A {@link org.opdbus.verticles.limits.TaskThread} does work that waits, one task after the other, and
 * {@link org.opdbus.verticles.limits.Newest} holds the one value that such a thread still needs. {@link
 * org.opdbus.verticles.limits.IdleThreads} end when there is nothing to do.
 */
@NullMarked
package org.opdbus.verticles.limits;

import org.jspecify.annotations.NullMarked;
