// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A set of heights of one ledger, stored as the smallest number of ranges. Not safe for use by several threads. */
final class HeightRanges {
    /** The highest height of each range, by its lowest; no range touches another. */
    private final TreeMap<Long, Long> ranges = new TreeMap<>();

    /** A range; both ends are included. */
    record Range(long low, long high) {}

    void add(long height) {
        add(new Range(height, height));
    }

    void add(Range range) {
        if (range.low() > range.high()) {
            return;
        }
        long low = range.low();
        long high = range.high();
        Map.Entry<Long, Long> before = ranges.floorEntry(high == Long.MAX_VALUE ? high : high + 1);
        while (before != null && before.getValue() >= low - 1) {
            low = Math.min(low, before.getKey());
            high = Math.max(high, before.getValue());
            ranges.remove(before.getKey());
            before = ranges.floorEntry(high == Long.MAX_VALUE ? high : high + 1);
        }
        ranges.put(low, high);
    }

    void addAll(List<Range> more) {
        more.forEach(this::add);
    }

    boolean contains(long height) {
        Map.Entry<Long, Long> at = ranges.floorEntry(height);
        return at != null && at.getValue() >= height;
    }

    /** Removes the heights up to this one. */
    void removeUpTo(long height) {
        while (!ranges.isEmpty() && ranges.firstKey() <= height) {
            Map.Entry<Long, Long> first = ranges.pollFirstEntry();
            if (first.getValue() > height) {
                ranges.put(height + 1, first.getValue());
            }
        }
    }

    /** Removes the lowest ranges, so that no more than this many are left. */
    void keepHighest(int count) {
        while (ranges.size() > count) {
            ranges.pollFirstEntry();
        }
    }

    /** Returns the heights from {@code low} to {@code high} that are missing here, in order. */
    List<Range> missing(long low, long high) {
        List<Range> missing = new ArrayList<>();
        long at = low;
        Map.Entry<Long, Long> next = ranges.floorEntry(low) != null ? ranges.floorEntry(low) : ranges.ceilingEntry(low);
        while (next != null && next.getKey() <= high && at <= high) {
            if (next.getKey() > at) {
                missing.add(new Range(at, next.getKey() - 1));
            }
            at = Math.max(at, next.getValue() + 1);
            next = ranges.higherEntry(next.getKey());
        }
        if (at <= high) {
            missing.add(new Range(at, high));
        }
        return missing;
    }

    void clear() {
        ranges.clear();
    }

    /** Returns the ranges in order. */
    List<Range> list() {
        return ranges.entrySet().stream()
                .map(range -> new Range(range.getKey(), range.getValue()))
                .toList();
    }
}
