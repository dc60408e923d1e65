// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.opdbus.agent.cli.command.Arguments;
import org.opdbus.agent.cli.command.OptionText;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.verticles.control.EventFilter;

/** The option of the tail commands that selects what they show. */
public final class EventFilterOptions {
    /** Its description. */
    public static final OptionText TEXT = OptionText.list(
            "KEY=VALUE",
            "Show only these: kind=KIND (container.* is every kind that begins so), "
                    + "container=ID (or the name of a container of Docker or Podman, or of a virtual machine, of this "
                    + "host), subject=NAME. May be repeated: values of the same key are alternatives, different keys "
                    + "must all match.",
            "--filter");

    private static final String KINDS = "kinds";
    private static final String SUBJECTS = "subjects";

    private EventFilterOptions() {}

    /**
     * Returns the filter that the user gave.
     *
     * @throws CannotRunException if it is not valid
     */
    public static EventFilter filter(Arguments given) {
        Set<String> kinds = new HashSet<>();
        Set<String> subjects = new HashSet<>();
        for (String filter : given.all(TEXT)) {
            int equals = filter.indexOf('=');
            String key = equals < 0 ? "" : filter.substring(0, equals);
            switch (key) {
                case "kind" -> kinds.add(filter.substring(equals + 1));
                case "container", "subject" -> subjects.add(filter.substring(equals + 1));
                default ->
                    throw new CannotRunException("--filter " + filter + ": must be kind=…, container=… or subject=…");
            }
        }
        return new EventFilter(kinds, subjects);
    }

    /** Returns a request of this filter in the form that the agent expects, to which members may be added. */
    public static Map<String, Object> request(EventFilter filter) {
        Map<String, Object> request = new LinkedHashMap<>();
        if (!filter.kinds().isEmpty()) {
            request.put(KINDS, List.copyOf(filter.kinds()));
        }
        if (!filter.subjects().isEmpty()) {
            request.put(SUBJECTS, List.copyOf(filter.subjects()));
        }
        return request;
    }
}
