// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.command;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The options that the user gave to a {@link DescribedCommand}, each with its values as text. */
public final class Arguments {
    /** By the first name of the option. */
    private final Map<String, List<String>> given = new HashMap<>();

    /** Adds values to an option; an option without a value is added without any. */
    void add(OptionText option, List<String> values) {
        List<String> all = new ArrayList<>(all(option));
        all.addAll(values);
        given.put(key(option), all);
    }

    /** Returns whether the option was given. */
    public boolean has(OptionText option) {
        return given.containsKey(key(option));
    }

    /** Returns the value of an option that takes one. */
    public Optional<String> value(OptionText option) {
        List<String> values = all(option);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }

    /** Returns the values of an option that takes several, in the order in which they were given. */
    public List<String> all(OptionText option) {
        return given.getOrDefault(key(option), List.of());
    }

    private static String key(OptionText option) {
        return option.names().get(0);
    }
}
