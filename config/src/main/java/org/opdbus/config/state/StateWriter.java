// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;

/** Converts a {@link DesiredState} into the text of a file that {@link StateLoader} reads back as an equal one. */
public final class StateWriter {
    private static final ObjectWriter PRETTY = new ObjectMapper()
            .writer(new DefaultPrettyPrinter()
                    .withSeparators(Separators.createDefaultInstance()
                            .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                            .withArrayEmptySeparator("")
                            .withObjectEmptySeparator(""))
                    .withObjectIndenter(new DefaultIndenter("  ", "\n"))
                    .withArrayIndenter(new DefaultIndenter("  ", "\n")));

    private StateWriter() {}

    /**
     * Returns JSON with two spaces per level, keys in one fixed order, no absent settings, and a line feed at the
     * end.
     */
    public static String write(DesiredState state) {
        try {
            return PRETTY.writeValueAsString(state.toMap()) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("maps, lists, text, numbers and truth values are JSON", impossible);
        }
    }
}
