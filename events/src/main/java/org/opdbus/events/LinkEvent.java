// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

/** What the kernel said about links. Not recorded: most links are none of the agent's. */
public sealed interface LinkEvent extends Event {
    /** The link that this is about, as it is now or, if it is gone, as it was last. */
    Link link();

    @Override
    default String subject() {
        return link().name().value();
    }

    @Override
    default boolean recorded() {
        return false;
    }

    /** A link exists: it was made, or moved into this namespace, or a listing found it. */
    record LinkAppeared(Link link) implements LinkEvent {}

    /** A link is no longer as it was; its index is the same. */
    record LinkChanged(Link before, Link link) implements LinkEvent {}

    /** A link is gone: it was deleted, or moved out of this namespace. */
    record LinkVanished(Link link) implements LinkEvent {}
}
