// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netlink;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.opdbus.events.LinkEvent;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.LinkEvent.LinkChanged;
import org.opdbus.events.LinkEvent.LinkVanished;

/**
 * The events of messages that were read together. A link that has come and gone meanwhile leaves no event, and a link that has
 * come and changed appears as it is now. A receiver could not have seen more if it had listed the links in between.
 *
 * <p>Changes of a link that was known before all stay: the view waits for the one that shows what the agent has requested.
 * So does each change of a name, because another program may use the name.
 */
final class Gathering {
    private final Map<Integer, LinkEvent> events = new LinkedHashMap<>();
    /** The numbers of the events about each new link; the first is its appearance. */
    private final Map<Integer, List<Integer>> ofNewLinks = new HashMap<>();

    private int count;

    void add(LinkEvent event) {
        int index = event.link().index();
        List<Integer> earlier = ofNewLinks.get(index);
        if (event instanceof LinkAppeared) {
            ofNewLinks.put(index, new ArrayList<>(List.of(count)));
        } else if (earlier != null && event instanceof LinkVanished) {
            earlier.forEach(events::remove);
            ofNewLinks.remove(index);
            return;
        } else if (earlier != null && isSameName(event) && earlier.size() == 1) {
            events.put(earlier.get(0), new LinkAppeared(event.link()));
            return;
        } else if (earlier != null) {
            earlier.add(count);
        }
        events.put(count++, event);
    }

    private static boolean isSameName(LinkEvent event) {
        return event instanceof LinkChanged changed
                && changed.before().name().equals(changed.link().name());
    }

    /** Returns what is left, in the kernel's order for each link. */
    List<LinkEvent> events() {
        return List.copyOf(events.values());
    }
}
