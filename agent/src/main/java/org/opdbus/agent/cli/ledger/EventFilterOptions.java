// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.verticles.control.EventFilter;
import picocli.CommandLine.Option;

/** The option of the tail commands that selects what they show. */
public final class EventFilterOptions {
    private static final String KINDS = "kinds";
    private static final String SUBJECTS = "subjects";
    private static final Map<String, String> KEYS = Map.of("kind", KINDS, "container", SUBJECTS, "subject", SUBJECTS);

    @Option(
            names = "--filter",
            paramLabel = "KEY=VALUE",
            split = ",",
            description = "Show only these: kind=KIND (container.* is every kind that begins so), "
                    + "container=ID, subject=NAME. May be repeated: values of the same key are "
                    + "alternatives, different keys must all match.")
    private List<String> filters = List.of();

    /**
     * Returns the filter that the user gave.
     *
     * @throws CannotRunException if it is not valid
     */
    public EventFilter filter() {
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

    /** Returns the filter in the form that the agent expects. */
    public static ObjectNode json(EventFilter filter) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        filter.kinds().forEach(kind -> json.withArray(KINDS).add(kind));
        filter.subjects().forEach(subject -> json.withArray(SUBJECTS).add(subject));
        return json;
    }
}
