// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netlink;

import java.util.List;
import org.opdbus.events.Link;
import org.opdbus.verticles.kernel.LinkMessage;

/** What the listening thread hands to the event loop. */
sealed interface Delivery {
    /** Messages in the kernel's order. */
    record Changes(List<LinkMessage> messages) implements Delivery {}

    /** Every link there is; messages that come after it say what changed since. */
    record Listing(List<Link> links) implements Delivery {}

    /** Messages were lost; a listing follows as soon as there is one. */
    record Lost(String reason) implements Delivery {}
}
