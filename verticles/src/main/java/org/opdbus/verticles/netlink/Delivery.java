// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netlink;

import java.util.List;
import org.opdbus.events.Link;
import org.opdbus.verticles.kernel.netlink.LinkMessage;

/** What the listening thread passes to the event loop. */
sealed interface Delivery {
    /** Messages in the kernel's order. */
    record Changes(List<LinkMessage> messages) implements Delivery {}

    /** All links; the messages after it report what changed since. */
    record Listing(List<Link> links) implements Delivery {}

    /** Messages were lost; a listing follows as soon as one is ready. */
    record Lost(String reason) implements Delivery {}
}
