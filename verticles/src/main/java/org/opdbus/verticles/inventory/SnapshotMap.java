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
 * A map that never changes. A changed copy shares with the original all but what the change concerns, so that a copy is cheap,
 * and so that two copies can be compared without looking at what they share.
 *
 * <p>The entries lie in {@value #ROWS} rows of {@value #ROWS} buckets each. Where an entry lies depends on its key alone; that is
 * what makes two maps comparable. A change copies one row and one bucket. With n entries a change costs
 * O({@value #ROWS} + n/1024), and a comparison that plus O(what differs). Safe for use by any thread.
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

    /** A map without entries. */
    public static <K, V> SnapshotMap<K, V> empty() {
        return new SnapshotMap<>(Collections.nCopies(ROWS, Collections.nCopies(ROWS, Map.of())), 0);
    }

    /** The value of this key, if it has one. */
    public Optional<V> get(K key) {
        return Optional.ofNullable(bucket(key).get(key));
    }

    /** A map in which this key has this value; this map itself if that is so already. */
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

    /** A map without this key; this map itself if it does not have the key. */
    public SnapshotMap<K, V> without(K key) {
        Map<K, V> bucket = bucket(key);
        if (!bucket.containsKey(key)) {
            return this;
        }
        Map<K, V> changed = new HashMap<>(bucket);
        changed.remove(key);
        return replaced(key, Map.copyOf(changed), size - 1);
    }

    /** How many entries there are. */
    public int size() {
        return size;
    }

    /** The keys, in no particular order. */
    public Collection<K> keys() {
        List<K> keys = new ArrayList<>(size);
        rows.forEach(row -> row.forEach(bucket -> keys.addAll(bucket.keySet())));
        return keys;
    }

    /** The values, in no particular order. */
    public Collection<V> values() {
        List<V> values = new ArrayList<>(size);
        rows.forEach(row -> row.forEach(bucket -> values.addAll(bucket.values())));
        return values;
    }

    /** The keys whose values differ between an earlier map and this one; those that only one of the two has are among them. */
    // Equality is decided by identity first: what two maps share is one object, and looking into it would cost what
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

    /** The hash codes of small numbers and of similar names differ in few bits; a multiplication spreads them (Knuth 6.4). */
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
