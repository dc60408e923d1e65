// SPDX-License-Identifier: Apache-2.0
/**
 * The members of the cluster, and the encrypted bus between them.
 *
 * <p>{@link org.opdbus.verticles.membership.Membership} is a host that takes part: it keeps a session
 * open beside the local Vert.x instance, and reports when that is up and which members are there. A session is an
 * {@link org.opdbus.verticles.membership.EmbeddedSession}, which needs no server, or one of another engine that the
 * wiring supplies. The local side does
 * not wait for it. {@link org.opdbus.verticles.membership.JoinServer} lets new hosts in, and {@link
 * org.opdbus.verticles.membership.Joining} is the side of the host that asks.
 *
 * <p>{@code trust} decides whom the cluster trusts, and {@code tls} applies that decision to connections; membership,
 * event bus and join server all follow from it. Code that needs Infinispan, JGroups or Bouncy Castle is in the
 * package {@code engine}, which only {@link org.opdbus.verticles.membership.Libraries} loads, and only when asked.
 *
 * <p>Threading: everything here except {@link org.opdbus.verticles.membership.Membership} and the join server waits
 * for files and peers, so a caller must be on a thread that may block. Failures are {@link
 * org.opdbus.verticles.membership.trust.MembershipException}s; a background task writes them to the log.
 */
@NullMarked
package org.opdbus.verticles.membership;

import org.jspecify.annotations.NullMarked;
