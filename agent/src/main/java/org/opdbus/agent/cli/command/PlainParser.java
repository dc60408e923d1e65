// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Parses command lines that are plainly written. For every line that it accepts, picocli would find the same command with the
 * same values; it leaves to picocli what it is not sure of: other commands, errors, help, and short options that are
 * written together.
 */
final class PlainParser {
    /** A value that begins so is another option, or a file with more arguments. */
    private static final String NOT_FIRST = "-@";

    private final CommandIndex index;
    private final String[] words;
    private final Arguments given = new Arguments();
    private final List<OptionText> known = new ArrayList<>();
    private String name = "op-dbus";
    private int at;

    PlainParser(CommandIndex index, String... words) {
        this.index = index;
        this.words = words;
    }

    Optional<PlainCall> parse() {
        known.add(Settings.CONFIG);
        Optional<DescribedCommand> command = command();
        if (command.isEmpty()) {
            return Optional.empty();
        }
        known.addAll(command.get().text().options());
        while (at < words.length) {
            if (!takeOption(true)) {
                return Optional.empty();
            }
        }
        return Optional.of(new PlainCall(name, command.get(), given));
    }

    /** Takes the options and the words up to the name of a described command; empty if there is none. */
    private Optional<DescribedCommand> command() {
        String group = "";
        while (takeOptionsBeforeName()) {
            String word = words[at++];
            name = name + " " + word;
            Optional<DescribedCommand> command = index.find(group, word);
            Optional<List<OptionText>> options = index.optionsOf(word);
            if (command.isPresent() || !group.isEmpty() || options.isEmpty()) {
                return command;
            }
            group = word;
            known.addAll(options.get());
        }
        return Optional.empty();
    }

    /** Returns whether a word that is no option follows. */
    private boolean takeOptionsBeforeName() {
        while (at < words.length && words[at].startsWith("-")) {
            if (!takeOption(false)) {
                return false;
            }
        }
        return at < words.length;
    }

    private boolean takeOption(boolean isNamed) {
        String word = words[at++];
        int equals = word.startsWith("--") ? word.indexOf('=') : -1;
        Optional<OptionText> found = find(equals < 0 ? word : word.substring(0, equals));
        if (found.isEmpty()) {
            return false;
        }
        OptionText option = found.get();
        if (given.has(option) && !option.isList()) {
            return false;
        }
        if (!option.takesValue()) {
            given.add(option, List.of());
            return equals < 0;
        }
        if (equals >= 0) {
            return takeValue(option, word.substring(equals + 1));
        }
        // picocli refuses the name of a command as a value. None contains one of these.
        return at < words.length
                && (isNamed || words[at].indexOf('/') >= 0 || words[at].indexOf('.') >= 0)
                && takeValue(option, words[at++]);
    }

    private Optional<OptionText> find(String name) {
        for (OptionText option : known) {
            if (option.names().contains(name)) {
                return Optional.of(option);
            }
        }
        return Optional.empty();
    }

    private boolean takeValue(OptionText option, String value) {
        // picocli keeps a comma between quotation marks.
        if (value.isEmpty()
                || NOT_FIRST.indexOf(value.charAt(0)) >= 0
                || (option.isList() && value.indexOf('"') >= 0)) {
            return false;
        }
        try {
            option.form().check(value);
        } catch (IllegalArgumentException wrong) {
            return false;
        }
        List<String> values = option.isList() ? List.of(value.split(",", -1)) : List.of(value);
        given.add(option, values);
        return !values.contains("");
    }
}
