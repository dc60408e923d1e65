// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.text;

import java.util.ArrayList;
import java.util.List;
import org.opdbus.verticles.lab.definition.LabRefusal;

/** The words of a line. A word in double quotes can have spaces; in it, a backslash takes the next character as it is. */
final class LabWords {
    private static final int LINE_MAX = 8192;
    private static final String QUOTING =
            "put a word with spaces in double quotes, with \\\" and \\\\ for a quote and a backslash in it";

    private LabWords() {}

    /** Returns the words; none for an empty line and for one that begins with {@code #}. */
    static List<String> of(String line) {
        if (line.length() > LINE_MAX) {
            throw new LabRefusal("it has " + line.length() + " characters", "use at most " + LINE_MAX);
        }
        if (line.codePoints().anyMatch(c -> Character.isISOControl(c) && c != '\t')) {
            throw new LabRefusal("it has a control character", "remove it");
        }
        List<String> words = new ArrayList<>();
        String rest = line.strip();
        if (rest.startsWith("#")) {
            return words;
        }
        int at = 0;
        while (at < rest.length()) {
            StringBuilder word = new StringBuilder();
            at = rest.charAt(at) == '"'
                    ? quoted(rest, at + 1, word, words.size())
                    : plain(rest, at, word, words.size());
            words.add(word.toString());
            while (at < rest.length() && Character.isWhitespace(rest.charAt(at))) {
                at++;
            }
        }
        return words;
    }

    /** Returns the word as {@link #of} reads it. */
    static String written(String word) {
        boolean plain = !word.isEmpty()
                && word.codePoints().noneMatch(c -> Character.isWhitespace(c) || c == '"' || c == '\\' || c == '#');
        return plain ? word : '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static int plain(String line, int from, StringBuilder word, int before) {
        int at = from;
        while (at < line.length() && !Character.isWhitespace(line.charAt(at))) {
            char c = line.charAt(at++);
            if (c == '"' || c == '\\') {
                throw new LabRefusal("word " + (before + 1) + " has a quote or a backslash", QUOTING);
            }
            word.append(c);
        }
        return at;
    }

    private static int quoted(String line, int from, StringBuilder word, int before) {
        int at = from;
        while (at < line.length() && line.charAt(at) != '"') {
            if (line.charAt(at) == '\\' && at + 1 < line.length()) {
                at++;
            }
            word.append(line.charAt(at++));
        }
        int after = at + 1;
        if (at >= line.length() || (after < line.length() && !Character.isWhitespace(line.charAt(after)))) {
            throw new LabRefusal("the quotes of word " + (before + 1) + " do not end it", QUOTING);
        }
        return after;
    }
}
