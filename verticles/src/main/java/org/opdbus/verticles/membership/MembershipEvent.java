// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

/**
 * The events of {@link Membership}. Between an {@code Up} and the next {@code Down} each member joins and leaves in
 * turn.
 */
public sealed interface MembershipEvent {
    /**
     * This host takes part. Subscribers of the session must register again.
     *
     * @param session can be used until {@code Down}
     */
    record Up(ClusterSession session) implements MembershipEvent {}

    /**
     * This host no longer takes part; it retries by itself.
     *
     * @param reason for people
     */
    record Down(String reason) implements MembershipEvent {}

    /** Another host takes part. */
    record Joined(Member member) implements MembershipEvent {}

    /** Another host no longer takes part, or is unreachable. */
    record Left(Member member) implements MembershipEvent {}
}
