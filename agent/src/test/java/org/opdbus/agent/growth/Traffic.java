// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.growth;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Counts messages and their bytes by kind. Safe for use by any thread. */
final class Traffic {
    private final Map<String, Sum> sums = new TreeMap<>();

    /** A number of messages, and their bytes without TLS and TCP. */
    record Sum(long messages, long bytes) {
        private static final Sum NONE = new Sum(0, 0);

        private Sum plus(Sum other) {
            return new Sum(messages + other.messages, bytes + other.bytes);
        }
    }

    synchronized void count(String kind, int bytes) {
        sums.merge(kind, new Sum(1, bytes), Sum::plus);
    }

    synchronized void reset() {
        sums.clear();
    }

    /** Returns how many messages there were. */
    synchronized Sum all() {
        return sums.values().stream().reduce(Sum.NONE, Sum::plus);
    }

    /** Returns the most frequent kinds with their messages a second. */
    synchronized String kinds(double seconds) {
        return sums.entrySet().stream()
                .sorted(Comparator.comparingLong(
                        (Map.Entry<String, Sum> each) -> -each.getValue().messages()))
                .map(each -> String.format(
                        Locale.ROOT, "%s %.1f", each.getKey(), each.getValue().messages() / seconds))
                .collect(Collectors.joining(", "));
    }
}
