// SPDX-License-Identifier: Apache-2.0
/**
 * Who is a member of the cluster, and the encrypted bus between members.
 *
 * <p>{@link org.opdbus.verticles.membership.Membership} is a host that takes part:
 * it keeps a clustered Vert.x instance open beside the local one, and says when that is up and who else is there. The
 * local side neither waits for it nor knows of it.
 * {@link org.opdbus.verticles.membership.Authority} is the cluster's CA,
 * on the one host that holds it; {@link org.opdbus.verticles.membership.JoinServer} is where it lets others in, and
 * {@link org.opdbus.verticles.membership.Joining} the other side of that.
 *
 * <p>There is one trust decision, {@link org.opdbus.verticles.membership.Trust}:
 * a certificate of a CA in the {@link org.opdbus.verticles.membership.TrustBundle}, in date, and not on that CA's
 * revocation list. Membership, event bus and door all follow from it.
 *
 * <p>What needs Infinispan, JGroups or Bouncy Castle is in the package {@code engine}, which only
 * {@link org.opdbus.verticles.membership.Libraries} loads, and only when asked.
 *
 * <p>Threading: everything here but {@link org.opdbus.verticles.membership.Membership} and the door waits for files and
 * peers, so it is to be called on a thread that may. Failures are
 * {@link org.opdbus.verticles.membership.MembershipException}s, or end in a log line where nobody is there to take them.
 */
@NullMarked
package org.opdbus.verticles.membership;

import org.jspecify.annotations.NullMarked;
