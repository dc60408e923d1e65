// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.log;

import java.util.HexFormat;

/**
 * Text for people: characters that a terminal or a log would obey instead of show become escapes such as {@code \}{@code
 * u001b}.
 *
 * <p>Names and messages come from containers, the kernel, and other programs, and may hold anything. They are kept as they
 * are inside the agent, and escaped where a person reads them: in the log and on the terminal. Escaped are control
 * characters (C0, DEL, C1), format characters (such as U+202E, which turns the order of what follows), line and paragraph
 * separators, private and unassigned characters, and halves of surrogate pairs. A backslash is not, so JSON stays the same
 * JSON: there such characters stand in strings only, where this escape means the same.
 */
public final class VisibleText {
    private static final HexFormat HEX = HexFormat.of();

    private VisibleText() {}

    /** One line: a line break becomes {@code \n}. */
    public static String line(String text) {
        return escaped(text, false);
    }

    /** Lines that the program has made itself: line breaks and tabs stay. */
    public static String lines(String text) {
        return escaped(text, true);
    }

    private static String escaped(String text, boolean layout) {
        int first = firstHidden(text, layout);
        if (first == text.length()) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, first);
        text.codePoints().skip(text.codePointCount(0, first)).forEach(c -> append(escaped, c, layout));
        return escaped.toString();
    }

    private static int firstHidden(String text, boolean layout) {
        int at = 0;
        while (at < text.length() && isShown(text.codePointAt(at), layout)) {
            at += Character.charCount(text.codePointAt(at));
        }
        return at;
    }

    private static void append(StringBuilder escaped, int c, boolean layout) {
        if (isShown(c, layout)) {
            escaped.appendCodePoint(c);
        } else if (c == '\n') {
            escaped.append("\\n");
        } else {
            for (char unit : Character.toChars(c)) {
                escaped.append("\\u").append(HEX.toHexDigits(unit));
            }
        }
    }

    private static boolean isShown(int c, boolean layout) {
        return isVisible(c) || (layout && (c == '\n' || c == '\t'));
    }

    /** Whether a character is shown as itself, a space included. */
    public static boolean isVisible(int c) {
        if (c < 0x7f) {
            return c >= ' ';
        }
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.SURROGATE -> false;
            default -> true;
        };
    }
}
