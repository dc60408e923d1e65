// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A logical line of interfaces(5), with the lines that continue it.
 *
 * @param file the path of its file
 * @param number the number of its first line
 * @param stanza which {@code iface} stanza of the file it belongs to, from 0; -1 if it belongs to none
 * @param raw its bytes as text, with the ends of its lines
 * @param words its words; none for a comment or an empty line
 */
record InterfacesLine(String file, int number, Kind kind, int stanza, String raw, List<String> words) {
    private static final Set<String> DIRECTIVES =
            Set.of("auto", "mapping", "source", "source-directory", "no-auto-down", "no-scripts", "rename", "vlan");

    /** What a line is. */
    enum Kind {
        /** Empty, or a comment. */
        REMARK,
        /** The first line of a stanza that is not of {@code iface}. */
        DIRECTIVE,
        /** The first line of an {@code iface} stanza. */
        HEADER,
        /** A line of an {@code iface} stanza. */
        OPTION
    }

    InterfacesLine {
        words = List.copyOf(words);
    }

    /** Returns the name of an option as ifupdown2 compares it, with hyphens; of another line its first word. */
    String option() {
        return words.isEmpty() ? "" : words.get(0).replace('_', '-').toLowerCase(Locale.ROOT);
    }

    /** Returns what follows the first word, as one text. */
    String value() {
        return words.size() < 2 ? "" : String.join(" ", words.subList(1, words.size()));
    }

    /** Returns whether both belong to the same stanza. */
    boolean isWith(InterfacesLine other) {
        return stanza >= 0 && stanza == other.stanza && file.equals(other.file);
    }

    /** Returns its words, for people. */
    String said() {
        return String.join(" ", words);
    }

    /** Returns where it stands, for people. */
    String place() {
        return file + ":" + number;
    }

    /** Returns the line with the end of a line, also if the file ends without one. */
    String complete() {
        return raw.endsWith("\n") ? raw : raw + "\n";
    }

    /** Takes a file apart; the raw texts of the lines, put together, are the text of the file. */
    static List<InterfacesLine> parse(String file, String text) {
        List<InterfacesLine> lines = new ArrayList<>();
        int stanzas = 0;
        boolean isInStanza = false;
        int number = 1;
        int at = 0;
        while (at < text.length()) {
            int end = endOfLogicalLine(text, at);
            String raw = text.substring(at, end);
            List<String> words = wordsOf(raw);
            Kind kind = kindOf(words, isInStanza);
            if (kind == Kind.HEADER) {
                stanzas++;
            }
            isInStanza = kind == Kind.HEADER || (isInStanza && kind != Kind.DIRECTIVE);
            lines.add(new InterfacesLine(file, number, kind, isInStanza ? stanzas - 1 : -1, raw, words));
            number += (int) raw.chars().filter(c -> c == '\n').count();
            at = end;
        }
        return lines;
    }

    private static int endOfLogicalLine(String text, int from) {
        int end = endOfLine(text, from);
        // A comment is never continued.
        boolean isComment = text.substring(from, end).stripLeading().startsWith("#");
        while (!isComment && end < text.length() && text.substring(from, end).endsWith("\\\n")) {
            end = endOfLine(text, end);
        }
        return end;
    }

    private static int endOfLine(String text, int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end + 1;
    }

    private static List<String> wordsOf(String raw) {
        String content = raw.strip();
        if (content.isEmpty() || content.charAt(0) == '#') {
            return List.of();
        }
        String joined = raw.replace("\\\n", " ").strip();
        return joined.isEmpty() ? List.of() : List.of(joined.split("\\s+", -1));
    }

    private static Kind kindOf(List<String> words, boolean isInStanza) {
        if (words.isEmpty()) {
            return Kind.REMARK;
        }
        String first = words.get(0);
        if (first.equals("iface")) {
            return Kind.HEADER;
        }
        return DIRECTIVES.contains(first) || first.startsWith("allow-") || !isInStanza ? Kind.DIRECTIVE : Kind.OPTION;
    }
}
