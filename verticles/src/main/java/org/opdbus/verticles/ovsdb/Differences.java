// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.opdbus.events.Bridge;
import org.opdbus.events.Port;
import org.opdbus.events.PortEvent;

/** Computes the facts about how bridges and ports, by row, differ between two moments. */
final class Differences {
    private Differences() {}

    /** Returns removals first, and bridges before the ports that were added to them. */
    static List<PortEvent> between(
            Map<String, Bridge> bridgesBefore,
            Map<String, Bridge> bridgesAfter,
            Map<String, Port> portsBefore,
            Map<String, Port> portsAfter) {
        List<PortEvent> events = new ArrayList<>();
        gone(portsBefore, portsAfter, PortEvent.PortRemoved::new, events);
        gone(bridgesBefore, bridgesAfter, PortEvent.BridgeRemoved::new, events);
        come(bridgesBefore, bridgesAfter, PortEvent.BridgeAdded::new, PortEvent.BridgeChanged::new, events);
        come(portsBefore, portsAfter, PortEvent.PortAdded::new, PortEvent.PortChanged::new, events);
        return events;
    }

    private static <T> void gone(
            Map<String, T> before, Map<String, T> after, Function<T, PortEvent> removed, List<PortEvent> events) {
        before.forEach((uuid, thing) -> {
            if (!after.containsKey(uuid)) {
                events.add(removed.apply(thing));
            }
        });
    }

    private static <T> void come(
            Map<String, T> before,
            Map<String, T> after,
            Function<T, PortEvent> added,
            BiFunction<T, T, PortEvent> changed,
            List<PortEvent> events) {
        after.forEach((uuid, thing) -> {
            T old = before.get(uuid);
            if (old == null) {
                events.add(added.apply(thing));
            } else if (!old.equals(thing)) {
                events.add(changed.apply(old, thing));
            }
        });
    }
}
