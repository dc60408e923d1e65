// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import io.vertx.rxjava3.core.Vertx;

/** What {@link Membership} tells. Between an {@code Up} and the next {@code Down} each member joins and leaves in turn. */
public sealed interface MembershipEvent {
    /**
     * This host takes part. Whatever is to be heard on the bus is to be registered anew.
     *
     * @param vertx the clustered instance, which is closed by its owner and stops to be of use at {@code Down}
     * @param self this host
     */
    record Up(Vertx vertx, Member self) implements MembershipEvent {}

    /**
     * This host takes part no more; it tries again by itself.
     *
     * @param reason for people
     */
    record Down(String reason) implements MembershipEvent {}

    /** Another host takes part. */
    record Joined(Member member) implements MembershipEvent {}

    /** Another host takes part no more, or cannot be reached. */
    record Left(Member member) implements MembershipEvent {}
}
