// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.opdbus.events.Link;

/**
 * The taps of this network namespace, and what has happened to them since the last look. The event loop writes, the watching
 * thread reads; safe for use by several threads. It holds at most one entry for each tap of the host.
 */
final class TapLinks {
    private static final String KIND = "tun";

    private final Map<Integer, Link> taps = new HashMap<>();
    private final Set<Integer> touched = new HashSet<>();
    private boolean listed;

    /**
     * What is known, and what has happened.
     *
     * @param taps the taps that exist, by index
     * @param touched those that have come or gone, or have got or lost their carrier or another name, since the last picture
     * @param listed whether netlink has listed all links
     */
    record Picture(Map<Integer, Link> taps, Set<Integer> touched, boolean listed) {
        Picture {
            taps = Map.copyOf(taps);
            touched = Set.copyOf(touched);
        }

        /** Returns the taps by name. */
        Map<String, Link> byName() {
            Map<String, Link> names = new HashMap<>();
            taps.values().forEach(tap -> names.put(tap.name().value(), tap));
            return names;
        }
    }

    /** Returns whether this is a link that a virtual machine can have. One without a hardware address carries packets. */
    static boolean isTap(Link link) {
        return link.kind().equals(KIND) && link.mac().isPresent();
    }

    /** Stores the state of a tap; returns whether a process may have opened or closed it. */
    synchronized boolean present(Link tap) {
        Link before = taps.put(tap.index(), tap);
        boolean happened = before == null
                || before.carrier() != tap.carrier()
                || !before.name().equals(tap.name());
        if (happened) {
            touched.add(tap.index());
        }
        return happened;
    }

    /** A link has gone; returns whether it was a tap. */
    synchronized boolean gone(int index) {
        boolean known = taps.remove(index) != null;
        if (known) {
            touched.add(index);
        }
        return known;
    }

    /** Netlink has listed all links; returns whether that is the first time. */
    synchronized boolean listed() {
        boolean first = !listed;
        listed = true;
        return first;
    }

    synchronized boolean isEmpty() {
        return taps.isEmpty();
    }

    /** Returns what is known, and begins to collect anew. */
    synchronized Picture take() {
        Picture picture = new Picture(taps, touched, listed);
        touched.clear();
        return picture;
    }
}
