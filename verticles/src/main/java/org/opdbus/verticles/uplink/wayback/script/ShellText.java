// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback.script;

import io.vertx.core.json.JsonArray;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Text as a word of a POSIX shell; pure. */
final class ShellText {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+:,./-]+");

    private ShellText() {}

    /** Returns a word that the shell expands to exactly this text (POSIX, Shell Command Language, 2.2.2). */
    static String quote(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a text for a shell has a zero in it");
        }
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /** Returns a command of these words. */
    static String command(List<String> words) {
        return words.stream().map(ShellText::quote).collect(Collectors.joining(" "));
    }

    /** Returns a word that the shell expands to this text as a value of JSON. */
    static String json(String text) {
        String array = JsonArray.of(text).encode();
        return quote(array.substring(1, array.length() - 1));
    }

    /** Returns a comment; a line end would end it. */
    static String comment(String text) {
        return "# " + text.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]+", " ");
    }
}
