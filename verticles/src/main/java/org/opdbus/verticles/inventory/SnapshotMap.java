// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An immutable map. A changed copy shares with the original everything that the change does not concern. So a copy is cheap,
 * and comparing two copies skips what they share.
 *
 * <p>The entries are in {@value #ROWS} rows of {@value #ROWS} buckets each. The place of an entry depends only on its key, so
 * equal keys of two maps are in the same place. A change copies one row and one bucket. With n entries a change costs
 * O({@value #ROWS} + n/1024); a comparison costs that plus O(what differs). Safe for use by any thread.
 *
 * @param <K> the keys, which must not change
 * @param <V> the values, which must not change
 */
public final class SnapshotMap<K, V> {
    private static final int ROWS = 32;

    private final List<List<Map<K, V>>> rows;
    private final int size;

    private SnapshotMap(List<List<Map<K, V>>> rows, int size) {
        this.rows = rows;
        this.size = size;
    }

    /** Returns a map without entries. */
    public static <K, V> SnapshotMap<K, V> empty() {
        return new SnapshotMap<>(Collections.nCopies(ROWS, Collections.nCopies(ROWS, Map.of())), 0);
    }

    /** Returns the value of this key, if it has one. */
    public Optional<V> get(K key) {
        return Optional.ofNullable(bucket(key).get(key));
    }

    /** Returns a map in which this key has this value; returns this map itself if it already has it. */
    public SnapshotMap<K, V> with(K key, V value) {
        Map<K, V> bucket = bucket(key);
        V before = bucket.get(key);
        if (value.equals(before)) {
            return this;
        }
        Map<K, V> changed = new HashMap<>(bucket);
        changed.put(key, value);
        return replaced(key, Map.copyOf(changed), before == null ? size + 1 : size);
    }

    /** Returns a map without this key; returns this map itself if it does not have the key. */
    public SnapshotMap<K, V> without(K key) {
        Map<K, V> bucket = bucket(key);
        if (!bucket.containsKey(key)) {
            return this;
        }
        Map<K, V> changed = new HashMap<>(bucket);
        changed.remove(key);
        return replaced(key, Map.copyOf(changed), size - 1);
    }

    /** Returns the number of entries. */
    public int size() {
        return size;
    }

    /** Returns the keys, in no particular order. */
    public Collection<K> keys() {
        List<K> keys = new ArrayList<>(size);
        rows.forEach(row -> row.forEach(bucket -> keys.addAll(bucket.keySet())));
        return keys;
    }

    /** Returns the values, in no particular order. */
    public Collection<V> values() {
        List<V> values = new ArrayList<>(size);
        rows.forEach(row -> row.forEach(bucket -> values.addAll(bucket.values())));
        return values;
    }

    /** Returns the keys whose values differ between an earlier map and this one, including keys that only one of them has. */
    // References are compared first: what two maps share is one object, and comparing its contents would cost what
    // sharing saves.
    @SuppressWarnings("ReferenceEquality")
    public Set<K> changedSince(SnapshotMap<K, V> earlier) {
        Set<K> changed = new LinkedHashSet<>();
        for (int row = 0; row < ROWS; row++) {
            if (rows.get(row) != earlier.rows.get(row)) {
                for (int column = 0; column < ROWS; column++) {
                    Map<K, V> now = rows.get(row).get(column);
                    Map<K, V> was = earlier.rows.get(row).get(column);
                    if (now != was) {
                        addDifference(was, now, changed);
                    }
                }
            }
        }
        return changed;
    }

    private static <K, V> void addDifference(Map<K, V> was, Map<K, V> now, Set<K> changed) {
        now.forEach((key, value) -> {
            if (!value.equals(was.get(key))) {
                changed.add(key);
            }
        });
        was.keySet().stream().filter(key -> !now.containsKey(key)).forEach(changed::add);
    }

    private SnapshotMap<K, V> replaced(K key, Map<K, V> bucket, int newSize) {
        int spread = spread(key);
        List<Map<K, V>> row = replaced(rows.get(rowOf(spread)), columnOf(spread), bucket);
        return new SnapshotMap<>(replaced(rows, rowOf(spread), row), newSize);
    }

    private static <T> List<T> replaced(List<T> list, int index, T value) {
        List<T> copy = new ArrayList<>(list);
        copy.set(index, value);
        return Collections.unmodifiableList(copy);
    }

    private Map<K, V> bucket(K key) {
        int spread = spread(key);
        return rows.get(rowOf(spread)).get(columnOf(spread));
    }

    /** Spreads hash codes by a multiplication (Knuth 6.4): those of small numbers and similar names differ in few bits. */
    private static int spread(Object key) {
        return (key.hashCode() * 0x9E3779B9) >>> 22;
    }

    private static int rowOf(int spread) {
        return spread / ROWS;
    }

    private static int columnOf(int spread) {
        return spread % ROWS;
    }
}
