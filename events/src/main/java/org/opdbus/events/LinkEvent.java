// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

/**
 * A fact from the kernel about links. The ledger does not record these facts, because most links do
 * not belong to the agent.
 */
public sealed interface LinkEvent extends Event {
    /**
     * Returns the link that the fact is about: its present state, or its last state if it no longer
     * exists.
     */
    Link link();

    @Override
    default String subject() {
        return link().name().value();
    }

    @Override
    default boolean recorded() {
        return false;
    }

    /** A link exists: a program made it or moved it into this namespace, or a listing found it. */
    record LinkAppeared(Link link) implements LinkEvent {}

    /** A link has changed; its index is the same. */
    record LinkChanged(Link before, Link link) implements LinkEvent {}

    /** A link no longer exists here: a program deleted it or moved it out of this namespace. */
    record LinkVanished(Link link) implements LinkEvent {}
}
