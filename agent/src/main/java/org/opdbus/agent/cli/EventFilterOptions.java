// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.opdbus.verticles.control.EventFilter;
import picocli.CommandLine.Option;

/** The option of the tails that chooses what is shown. */
final class EventFilterOptions {
    private static final String KINDS = "kinds";
    private static final String SUBJECTS = "subjects";
    private static final Map<String, String> KEYS = Map.of("kind", KINDS, "container", SUBJECTS, "subject", SUBJECTS);

    @Option(
            names = "--filter",
            paramLabel = "KEY=VALUE",
            split = ",",
            description =
                    "Only these: kind=KIND (container.* is every kind that begins so), container=ID, subject=NAME."
                            + " May be repeated; of one key any value will do, of different keys all count.")
    private List<String> filters = List.of();

    /**
     * What was given.
     *
     * @throws CannotRunException if it makes no sense
     */
    EventFilter filter() {
        Set<String> kinds = new HashSet<>();
        Set<String> subjects = new HashSet<>();
        for (String given : filters) {
            int equals = given.indexOf('=');
            String list = equals < 0 ? "" : KEYS.getOrDefault(given.substring(0, equals), "");
            if (list.isEmpty()) {
                throw new CannotRunException("--filter " + given + ": must be kind=…, container=… or subject=…");
            }
            (list.equals(KINDS) ? kinds : subjects).add(given.substring(equals + 1));
        }
        return new EventFilter(kinds, subjects);
    }

    /** As the agent wants it. */
    static ObjectNode json(EventFilter filter) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        filter.kinds().forEach(kind -> json.withArray(KINDS).add(kind));
        filter.subjects().forEach(subject -> json.withArray(SUBJECTS).add(subject));
        return json;
    }
}
