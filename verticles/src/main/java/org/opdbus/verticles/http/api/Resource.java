// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Something that callers can ask for.
 *
 * @param template its path below the root, with variables in braces: {@code /entries/{height}}
 * @param parameters the parameters that its query can have
 * @param answers ends a request, now or later; it may throw {@link ProblemException}
 */
record Resource(String template, List<String> parameters, Consumer<ApiRequest> answers) {
    private static final char BEGIN = '{';

    Resource {
        parameters = List.copyOf(parameters);
    }

    /** Returns the segments of a path: {@code /a/b} has two. The root has none. */
    static List<String> segments(String path) {
        List<String> segments = new ArrayList<>();
        if (!path.isEmpty()) {
            segments.addAll(List.of(path.substring(1).split("/", -1)));
        }
        return segments;
    }

    /** Returns the values of the variables if a path with these segments is that of this resource. */
    Optional<Map<String, String>> match(List<String> path) {
        List<String> wanted = segments(template);
        if (wanted.size() != path.size()) {
            return Optional.empty();
        }
        Map<String, String> variables = new LinkedHashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            String name = wanted.get(i);
            if (name.charAt(0) == BEGIN) {
                variables.put(name.substring(1, name.length() - 1), path.get(i));
            } else if (!name.equals(path.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }
}
