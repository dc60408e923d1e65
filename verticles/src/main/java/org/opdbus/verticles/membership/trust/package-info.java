// SPDX-License-Identifier: Apache-2.0
/**
 * What the cluster trusts: its CA, the certificates of its members, and the files that store them.
 *
 * <p>There is one trust decision, {@link org.opdbus.verticles.membership.trust.Trust}: a certificate of a CA in the
 * {@link org.opdbus.verticles.membership.trust.TrustBundle}, in date, and not on that CA's revocation list. {@link
 * org.opdbus.verticles.membership.trust.Authority} is the CA, on the one host that holds it. Every call waits for
 * files, so a caller must be on a thread that may block. Failures are {@link
 * org.opdbus.verticles.membership.trust.MembershipException}s.
 */
@NullMarked
package org.opdbus.verticles.membership.trust;

import org.jspecify.annotations.NullMarked;
