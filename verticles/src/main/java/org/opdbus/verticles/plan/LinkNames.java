// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;

/** Which of a container's links is its first, its second, …, and which name follows from that. Pure. */
public interface LinkNames {
    /** The name of a container's link; slot 0 is its first. */
    LinkName nameFor(ContainerId container, int slot);

    /**
     * A slot for each link, lowest slot first.
     *
     * @param nameOf the name of each slot
     * @param formerNames the names that a link bore earlier
     */
    Map<Link, Integer> slots(List<Link> links, IntFunction<LinkName> nameOf, Function<Link, List<String>> formerNames);
}
