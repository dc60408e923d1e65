// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.opdbus.verticles.inventory.SnapshotMap;

/**
 * An immutable map from names to objects that have a number, found by either. A changed copy shares what is the same.
 *
 * @param <V> the objects
 */
final class NumberedMap<V extends NumberedMap.Numbered> {
    private final SnapshotMap<String, V> byName;
    private final SnapshotMap<Integer, String> names;

    /** An object with a number that no other object of its kind has while the agent runs. */
    interface Numbered {
        int number();
    }

    private NumberedMap(SnapshotMap<String, V> byName, SnapshotMap<Integer, String> names) {
        this.byName = byName;
        this.names = names;
    }

    static <V extends Numbered> NumberedMap<V> empty() {
        return new NumberedMap<>(SnapshotMap.empty(), SnapshotMap.empty());
    }

    Optional<V> get(String name) {
        return byName.get(name);
    }

    Optional<V> get(int number) {
        return names.get(number).flatMap(byName::get);
    }

    Optional<String> name(int number) {
        return names.get(number);
    }

    Collection<String> names() {
        return byName.keys();
    }

    int size() {
        return byName.size();
    }

    NumberedMap<V> with(String name, V value) {
        return new NumberedMap<>(byName.with(name, value), names.with(value.number(), name));
    }

    NumberedMap<V> without(String name) {
        return byName.get(name)
                .map(value -> new NumberedMap<>(byName.without(name), names.without(value.number())))
                .orElse(this);
    }

    /** Returns the names whose objects differ from an earlier map, including names that only one of them has. */
    Set<String> changedSince(NumberedMap<V> earlier) {
        return byName.changedSince(earlier.byName);
    }
}
