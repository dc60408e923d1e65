// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.log;

import java.util.HexFormat;

/**
 * Text for people: characters that would control a terminal or a log become escapes such as {@code \}{@code u001b}.
 *
 * <p>Names and messages come from containers, the kernel and other programs, and may contain anything. The agent
 * keeps them unchanged and escapes them where a person reads them: in the log and on the terminal. It escapes control
 * characters (C0, DEL, C1), format characters (such as U+202E, which reverses the order of the text after it), line
 * and paragraph separators, private and unassigned characters, and halves of surrogate pairs. It does not escape a
 * backslash, so JSON keeps its meaning: in JSON such characters occur only in strings, where this escape means the
 * same character.
 */
public final class VisibleText {
    private static final HexFormat HEX = HexFormat.of();

    private VisibleText() {}

    /** Returns one line: a line break becomes {@code \n}. */
    public static String line(String text) {
        return escaped(text, false);
    }

    /** Returns lines that the program has made itself: line breaks and tabs stay. */
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

    /** Returns whether a character is shown unchanged, a space included. */
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
