// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.control;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.Event;

/**
 * Selects the events that a caller receives.
 *
 * @param kinds kinds, or prefixes of kinds that end in a star, {@code container.*}; none for all
 * @param subjects the subjects of the events, or names of workloads whose ids the filter learns; none for all
 */
public record EventFilter(Set<String> kinds, Set<String> subjects) {
    private static final String STAR = "*";
    /** Containers that come and go under one name have an id each; a filter that knows more of them forgets none and takes none. */
    private static final int SUBJECTS_MAX = 1_024;

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

    /** Returns a filter that also selects the events of this workload, if this filter has its name. */
    public EventFilter knowing(String id, String name) {
        if (!subjects.contains(name) || subjects.contains(id) || subjects.size() >= SUBJECTS_MAX) {
            return this;
        }
        Set<String> more = new HashSet<>(subjects);
        more.add(id);
        return new EventFilter(kinds, more);
    }

    /** Returns the filter that knows the workload of this event, too. */
    EventFilter knowing(Event event) {
        return event instanceof ContainerEvent about
                ? knowing(about.subject(), about.container().name())
                : this;
    }

    /** Returns the filter that knows the workload of this recorded event, too. */
    public EventFilter knowing(String subject, Map<String, Object> data) {
        return data.get("container") instanceof Map<?, ?> container && container.get("name") instanceof String name
                ? knowing(subject, name)
                : this;
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
