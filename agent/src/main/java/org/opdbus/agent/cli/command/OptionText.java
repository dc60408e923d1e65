// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.command;

import java.util.List;

/**
 * An option of a {@link DescribedCommand}: what the parser, the help and the manual page need to know of it.
 *
 * @param names every name, as the user writes it
 * @param label what stands for its value in the help; empty if it takes no value
 * @param description the help text
 * @param form which texts can be its value
 * @param isList whether it may be given several times, each time with several values and commas between them
 */
public record OptionText(List<String> names, String label, String description, ValueForm form, boolean isList) {
    /** Returns an option without a value. */
    public static OptionText flag(String description, String... names) {
        return new OptionText(List.of(names), "", description, new AnyText(), false);
    }

    /** Returns an option with one value. */
    public static OptionText value(String label, ValueForm form, String description, String... names) {
        return new OptionText(List.of(names), label, description, form, false);
    }

    /** Returns an option with any number of values. */
    public static OptionText list(String label, String description, String... names) {
        return new OptionText(List.of(names), label, description, new AnyText(), true);
    }

    boolean takesValue() {
        return !label.isEmpty();
    }
}
