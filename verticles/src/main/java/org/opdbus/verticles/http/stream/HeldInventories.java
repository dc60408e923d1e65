// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.opdbus.verticles.inventory.Inventory;

/**
 * The inventories that readers were brought up to last, at most {@value #HELD_MAX} of them. They share what is the same in them, so
 * each costs what has changed. For one thread.
 */
final class HeldInventories {
    static final int HELD_MAX = 32;

    private final TreeMap<Long, Inventory> held = new TreeMap<>();

    /** Holds this inventory, which is not older than those that are held. */
    void add(Inventory inventory) {
        held.put(inventory.version(), inventory);
        if (held.size() > HELD_MAX) {
            held.pollFirstEntry();
        }
    }

    /** Returns the newest; empty if none is held. */
    Optional<Inventory> newest() {
        return Optional.ofNullable(held.lastEntry()).map(Map.Entry::getValue);
    }

    /** Returns the one of this version, if it is held. */
    Optional<Inventory> of(long version) {
        return Optional.ofNullable(held.get(version));
    }

    /** Drops all. */
    void clear() {
        held.clear();
    }
}
