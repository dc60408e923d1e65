// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.log.VisibleText;

/**
 * Messages for people. What {@code println} is given becomes one line of {@link VisibleText}, because names and reasons in
 * it come from elsewhere; the tabs before a line of a stack trace stay. {@code print} and {@code write} let everything pass:
 * they are for help, and for what is drawn on a terminal.
 */
final class VisibleWriter extends PrintWriter {
    /** JSON is UTF-8 whatever the locale says, and a message with the same names in it had better be so too. */
    VisibleWriter(OutputStream stream) {
        super(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    @Override
    public void println(@Nullable String text) {
        super.println(visible(String.valueOf(text)));
    }

    @Override
    public void println(@Nullable Object value) {
        super.println(visible(String.valueOf(value)));
    }

    @Override
    public void println(char[] text) {
        super.println(visible(String.valueOf(text)));
    }

    private static String visible(String text) {
        int tabs = 0;
        while (tabs < text.length() && text.charAt(tabs) == '\t') {
            tabs++;
        }
        return text.substring(0, tabs) + VisibleText.line(text.substring(tabs));
    }
}
