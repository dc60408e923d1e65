// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.control;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.stream.Collectors;
import org.opdbus.events.Event;

/**
 * Selects the events that a caller receives.
 *
 * @param kinds kinds, or prefixes of kinds that end in a star, {@code container.*}; none for all
 * @param subjects the subjects of the events; none for all
 */
public record EventFilter(Set<String> kinds, Set<String> subjects) {
    private static final String STAR = "*";

    public EventFilter {
        kinds = Set.copyOf(kinds);
        subjects = Set.copyOf(subjects);
    }

    /**
     * Parses the parameters of a request: {@code [{"kinds": […], "subjects": […]}]}, or nothing for
     * everything.
     */
    static EventFilter of(JsonArray params) {
        JsonObject given =
                !params.isEmpty() && params.getValue(0) instanceof JsonObject object ? object : new JsonObject();
        return new EventFilter(words(given, "kinds"), words(given, "subjects"));
    }

    private static Set<String> words(JsonObject given, String key) {
        return given.getValue(key) instanceof JsonArray list
                ? list.stream().map(String::valueOf).collect(Collectors.toSet())
                : Set.of();
    }

    boolean accepts(Event event) {
        return accepts(event.kind(), event.subject());
    }

    /** Returns whether the caller wants an event of this kind and subject. */
    public boolean accepts(String kind, String subject) {
        return (subjects.isEmpty() || subjects.contains(subject))
                && (kinds.isEmpty() || kinds.stream().anyMatch(wanted -> isOf(kind, wanted)));
    }

    private static boolean isOf(String kind, String wanted) {
        return wanted.endsWith(STAR)
                ? kind.startsWith(wanted.substring(0, wanted.length() - STAR.length()))
                : kind.equals(wanted);
    }
}
