// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.util.Locale;

/**
 * Text for people's terminals. File names and file contents can hold control characters that a terminal interprets,
 * and marks that change the direction of text; here they become escapes such as {@code \u001b}.
 */
public final class Printable {
    private Printable() {}

    /** Returns the text with every character escaped that does not show as itself on one line. */
    public static String of(String text) {
        if (text.codePoints().allMatch(Printable::isVisible)) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (isVisible(c)) {
                shown.appendCodePoint(c);
            } else {
                shown.append(String.format(Locale.ROOT, c > 0xffff ? "\\u{%x}" : "\\u%04x", c));
            }
        });
        return shown.toString();
    }

    public static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> false;
            default -> true;
        };
    }
}
