// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.output;

import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.log.VisibleText;

/**
 * Messages for people. {@code println} writes one line of {@link VisibleText}, because names and
 * reasons in the message come from outside; the tabs before a line of a stack trace remain. {@code
 * print} and {@code write} change nothing: they are for help texts and for drawings on a terminal.
 */
public final class VisibleWriter extends PrintWriter {
    /** JSON is UTF-8 regardless of the locale, and messages with the same names must match it. */
    public VisibleWriter(OutputStream stream) {
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
