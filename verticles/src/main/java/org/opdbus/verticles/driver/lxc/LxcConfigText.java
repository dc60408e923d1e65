// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.lxc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of an LXC configuration (lxc.container.conf(5)), read and changed key by key.
 *
 * <p>Every unchanged line stays the same, byte by byte, with any content. Values of ours for which LXC has no key
 * are comments, {@code #op-dbus.KEY = VALUE}, which LXC ignores.
 */
final class LxcConfigText {
    private static final String OURS = "op-dbus.";

    /** Group 1 is the key, group 2 the value. */
    private static final Pattern ASSIGNMENT =
            Pattern.compile("[ \\t]*(#op-dbus\\.[a-z_]+|[A-Za-z][A-Za-z0-9_.]*)[ \\t]*=[ \\t]*(.*?)[ \\t\\r]*\\n?");

    /** Bytes as characters of the same number; each line includes its line feed. */
    private final List<String> lines = new ArrayList<>();

    private LxcConfigText(String text) {
        int at = 0;
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            end = end < 0 ? text.length() : end + 1;
            lines.add(text.substring(at, end));
            at = end;
        }
    }

    static LxcConfigText of(byte[] bytes) {
        return new LxcConfigText(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    static LxcConfigText empty() {
        return new LxcConfigText("");
    }

    byte[] toBytes() {
        return String.join("", lines).getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Returns the value of a key that has one: the last one given, as LXC reads it. */
    Optional<String> value(String key) {
        List<String> values = values(key);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(values.size() - 1));
    }

    /** Returns the values of a key that may have several. */
    List<String> values(String key) {
        List<String> values = new ArrayList<>();
        for (String line : lines) {
            Matcher matcher = ASSIGNMENT.matcher(line);
            if (matcher.matches() && matcher.group(1).equals(key)) {
                values.add(unquoted(decoded(matcher.group(2))));
            }
        }
        return values;
    }

    /** Returns a value of ours. */
    Optional<String> note(String key) {
        return value("#" + OURS + key);
    }

    void setNote(String key, String value) {
        set("#" + OURS + key, value);
    }

    void removeNote(String key) {
        remove("#" + OURS + key);
    }

    /** Sets the single value of a key, in its present place. */
    void set(String key, String value) {
        String line = line(key, value);
        int last = -1;
        for (int i = lines.size() - 1; i >= 0; i--) {
            if (isFor(lines.get(i), key)) {
                if (last >= 0) {
                    lines.remove(i);
                    last--;
                } else {
                    last = i;
                }
            }
        }
        if (last >= 0) {
            lines.set(last, line);
        } else {
            append(line);
        }
    }

    void remove(String key) {
        lines.removeIf(line -> isFor(line, key));
    }

    /** Adds this value to a key that may have several, unless it is there. */
    void add(String key, String value) {
        if (!values(key).contains(value)) {
            append(line(key, value));
        }
    }

    /** Removes one value from a key that may have several. */
    void removeValue(String key, String value) {
        lines.removeIf(line -> {
            Matcher matcher = ASSIGNMENT.matcher(line);
            return matcher.matches()
                    && matcher.group(1).equals(key)
                    && unquoted(decoded(matcher.group(2))).equals(value);
        });
    }

    private void append(String line) {
        int last = lines.size() - 1;
        if (last >= 0 && !lines.get(last).endsWith("\n")) {
            lines.set(last, lines.get(last) + "\n");
        }
        lines.add(line);
    }

    private static boolean isFor(String line, String key) {
        Matcher matcher = ASSIGNMENT.matcher(line);
        return matcher.matches() && matcher.group(1).equals(key);
    }

    private static String line(String key, String value) {
        if (value.indexOf('\n') >= 0 || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("the value of " + key + " has a line feed or a zero in it");
        }
        return new String((key + " = " + value + "\n").getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static String decoded(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2
                && (value.charAt(0) == '"' || value.charAt(0) == '\'')
                && value.charAt(value.length() - 1) == value.charAt(0);
        return quoted ? value.substring(1, value.length() - 1) : value;
    }
}
