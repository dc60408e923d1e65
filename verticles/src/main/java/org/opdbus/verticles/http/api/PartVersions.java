// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.opdbus.verticles.inventory.Inventory;

/**
 * Says for each part of the inventory since which version it is as it is now, as far as callers have asked. So the entries of the ledger
 * and the heartbeats of peers do not make the answers about containers new. For one thread.
 */
final class PartVersions {
    private final Map<InventoryPart, Seen> seen = new EnumMap<>(InventoryPart.class);

    private record Seen(long version, List<Object> origins) {}

    /** Returns the version, given the newest inventory. */
    long of(InventoryPart part, Inventory now) {
        List<Object> origins = part.origins(now);
        Seen before = seen.get(part);
        if (before != null && isSame(before.origins(), origins)) {
            return before.version();
        }
        seen.put(part, new Seen(now.version(), origins));
        return now.version();
    }

    // The parts of an inventory share what is the same in them; a comparison of contents would cost their whole size.
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(List<Object> before, List<Object> now) {
        if (before.size() != now.size()) {
            return false;
        }
        for (int i = 0; i < now.size(); i++) {
            if (before.get(i) != now.get(i)) {
                return false;
            }
        }
        return true;
    }
}
