// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.text;

import java.nio.charset.StandardCharsets;

/** JSON strings in the single form that RFC 8785 section 3.2.2.2 permits. */
public final class CanonicalText {
    private static final String SHORT_ESCAPES = "\"\\bfnrt";
    private static final String ESCAPED = "\"\\\b\f\n\r\t";

    /** The bytes that are not escaped: ASCII, except control characters, quote and backslash. */
    private static final boolean[] PLAIN = new boolean[256];

    static {
        for (int c = ' '; c < 0x80; c++) {
            PLAIN[c] = c != '"' && c != '\\';
        }
    }

    private CanonicalText() {}

    /**
     * Returns where the string that begins at a quote ends, after its closing quote; negative if it is not canonical
     * UTF-8.
     */
    static int end(byte[] bytes, int from, int limit) {
        if (from >= limit || bytes[from] != '"') {
            return -1;
        }
        int at = plainTo(bytes, from + 1, limit);
        while (at < limit) {
            byte b = bytes[at];
            if (b == '"') {
                return at + 1;
            }
            int length = b == '\\' ? escape(bytes, at, limit) : b < 0 ? unicode(bytes, at, limit) : -1;
            if (length < 0) {
                return -1;
            }
            at = plainTo(bytes, at + length, limit);
        }
        return -1;
    }

    /** Returns the position of the first byte that is escaped, at or after a position. */
    private static int plainTo(byte[] bytes, int from, int limit) {
        int at = from;
        while (at + Long.BYTES <= limit) {
            int plain = EightBytes.plain(EightBytes.at(bytes, at));
            at += plain;
            if (plain < Long.BYTES) {
                return at;
            }
        }
        while (at < limit && PLAIN[bytes[at] & 0xff]) {
            at++;
        }
        return at;
    }

    private static int escape(byte[] bytes, int at, int limit) {
        if (limit - at >= 2 && SHORT_ESCAPES.indexOf(bytes[at + 1]) >= 0) {
            return 2;
        }
        // Only control characters without a short form are written in hex, and in lower case.
        if (limit - at < 6
                || bytes[at + 1] != 'u'
                || bytes[at + 2] != '0'
                || bytes[at + 3] != '0'
                || (bytes[at + 4] != '0' && bytes[at + 4] != '1')
                || "0123456789abcdef".indexOf(bytes[at + 5]) < 0) {
            return -1;
        }
        int character = (bytes[at + 4] - '0') * 16 + Character.digit(bytes[at + 5], 16);
        return ESCAPED.indexOf(character) < 0 ? 6 : -1;
    }

    /**
     * Returns the length of one character of well-formed UTF-8 (Unicode standard, table 3-7); negative if it is not.
     */
    private static int unicode(byte[] bytes, int at, int limit) {
        int first = bytes[at] & 0xff;
        int length = first < 0xc2 ? -1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : -1;
        if (length < 0 || limit - at < length) {
            return -1;
        }
        int second = bytes[at + 1] & 0xff;
        int low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < low || second > high) {
            return -1;
        }
        for (int i = 2; i < length; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return -1;
            }
        }
        return length;
    }

    /** Returns the text of a canonical string, given with its quotes. */
    public static String read(byte[] bytes, int from, int to) {
        String raw = new String(bytes, from + 1, to - from - 2, StandardCharsets.UTF_8);
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        StringBuilder text = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escape = raw.charAt(++i);
            if (escape == 'u') {
                text.append((char) Integer.parseInt(raw, i + 1, i + 5, 16));
                i += 4;
            } else {
                text.append(ESCAPED.charAt(SHORT_ESCAPES.indexOf(escape)));
            }
        }
        return text.toString();
    }
}
