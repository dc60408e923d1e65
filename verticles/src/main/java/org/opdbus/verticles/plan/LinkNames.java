// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;

/** Orders the links of a container and gives each its name. Pure. */
public interface LinkNames {
    /** Returns the name of the container's link in this slot. Slot 0 is the first link. */
    LinkName nameFor(ContainerId container, int slot);

    /**
     * Returns a slot for each link, the lowest slot first.
     *
     * @param nameOf the name of each slot
     * @param formerNames the earlier names of a link
     */
    Map<Link, Integer> slots(List<Link> links, IntFunction<LinkName> nameOf, Function<Link, List<String>> formerNames);
}
