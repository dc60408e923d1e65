// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import java.util.Optional;
import org.opdbus.events.Link;

/** The content of one kernel message about links. */
public sealed interface LinkMessage {
    /** A link exists with these properties (RTM_NEWLINK). */
    record Present(Link link) implements LinkMessage {}

    /**
     * A link is no longer in this namespace (RTM_DELLINK).
     *
     * @param index its index here
     * @param destination where it was moved, if it was not deleted
     */
    record Gone(int index, Optional<Destination> destination) implements LinkMessage {}

    /** The id of a namespace is no longer valid; another one may get it (RTM_DELNSID). */
    record NamespaceForgotten(int namespace) implements LinkMessage {}

    /**
     * Where a link was moved.
     *
     * @param namespace the id of its new namespace
     * @param index its index there
     */
    record Destination(int namespace, int index) {}
}
