// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The name of an object on a connection (section "Valid Object Paths").
 *
 * @param value {@code /}, or elements of {@code [A-Za-z0-9_]} that each follow a slash
 */
public record ObjectPath(String value) implements Comparable<ObjectPath> {
    /** The parent of all objects. */
    public static final ObjectPath ROOT = new ObjectPath("/");

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    /** Checks the form. */
    public ObjectPath {
        if (!isValid(value)) {
            throw new MalformedMessageException("this is no object path");
        }
    }

    /** Returns whether a text is an object path. */
    public static boolean isValid(String text) {
        if (text.equals("/")) {
            return true;
        }
        boolean afterSlash = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean isSlash = c == '/';
            if (i == 0 ? !isSlash : isSlash ? afterSlash : !isPlain(c) && c != '_') {
                return false;
            }
            afterSlash = isSlash;
        }
        return !text.isEmpty() && !afterSlash;
    }

    /**
     * Returns the object below this one whose last element stands for any text, in systemd's way (sd_bus_path_encode(3)):
     * letters and digits stay, every other byte and a digit at the start become {@code _xx}, and {@code _} stands for no text.
     */
    public ObjectPath child(String text) {
        String element = escape(text);
        return new ObjectPath(equals(ROOT) ? "/" + element : value + "/" + element);
    }

    /** Returns the text for which the last element stands, if this is a child of that object. */
    public Optional<String> textBelow(ObjectPath parent) {
        String prefix = parent.equals(ROOT) ? "/" : parent.value + "/";
        if (!value.startsWith(prefix) || value.length() == prefix.length()) {
            return Optional.empty();
        }
        String element = value.substring(prefix.length());
        return element.indexOf('/') >= 0 ? Optional.empty() : unescape(element);
    }

    private static String escape(String text) {
        if (text.isEmpty()) {
            return "_";
        }
        StringBuilder escaped = new StringBuilder(text.length() + 8);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            char c = (char) (bytes[i] & 0xff);
            if (isPlain(c) && (i > 0 || c > '9')) {
                escaped.append(c);
            } else {
                escaped.append('_').append(HEX[c >> 4]).append(HEX[c & 15]);
            }
        }
        return escaped.toString();
    }

    private static Optional<String> unescape(String element) {
        if (element.equals("_")) {
            return Optional.of("");
        }
        byte[] bytes = new byte[element.length()];
        int length = 0;
        for (int i = 0; i < element.length(); i++) {
            int value = element.charAt(i);
            if (value == '_') {
                if (i + 2 >= element.length()) {
                    return Optional.empty();
                }
                value = Character.digit(element.charAt(i + 1), 16) << 4 | Character.digit(element.charAt(i + 2), 16);
                if (value < 0) {
                    return Optional.empty();
                }
                i += 2;
            }
            bytes[length++] = (byte) value;
        }
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        // Each object has one path only.
        return escape(text).equals(element) ? Optional.of(text) : Optional.empty();
    }

    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    @Override
    public int compareTo(ObjectPath other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
