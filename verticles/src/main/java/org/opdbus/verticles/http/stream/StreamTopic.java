// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a reader can ask for. */
enum StreamTopic {
    /** What there is, and every change of it. */
    INVENTORY,
    /** Lines about events. */
    EVENTS,
    /** Numbers about the agent, every few seconds. */
    FIGURES;

    /** Returns the topics of a list with commas; empty if one of them is not known. */
    static Optional<Set<StreamTopic>> named(String list) {
        Set<StreamTopic> topics = EnumSet.noneOf(StreamTopic.class);
        for (String word : list.split(",", -1)) {
            Optional<StreamTopic> topic = of(word);
            if (topic.isEmpty()) {
                return Optional.empty();
            }
            topics.add(topic.get());
        }
        return Optional.of(topics);
    }

    private static Optional<StreamTopic> of(String word) {
        for (StreamTopic topic : values()) {
            if (topic.name().toLowerCase(Locale.ROOT).equals(word)) {
                return Optional.of(topic);
            }
        }
        return Optional.empty();
    }
}
