// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import java.util.Optional;
import org.opdbus.events.Link;

/** What one message of the kernel's says about links. */
public sealed interface LinkMessage {
    /** A link exists and looks like this (RTM_NEWLINK). */
    record Present(Link link) implements LinkMessage {}

    /**
     * A link is no longer in this namespace (RTM_DELLINK).
     *
     * @param index its index here
     * @param destination where it went, if it was not deleted
     */
    record Gone(int index, Optional<Destination> destination) implements LinkMessage {}

    /** The id of a namespace means nothing any more and may be given to another one (RTM_DELNSID). */
    record NamespaceForgotten(int namespace) implements LinkMessage {}

    /**
     * Where a link moved.
     *
     * @param namespace the id of the namespace that it is in now
     * @param index its index there
     */
    record Destination(int namespace, int index) {}
}
