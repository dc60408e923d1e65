// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import com.fasterxml.jackson.core.JsonToken;

/**
 * Recognizes what Jackson's non-blocking parser accepts although it is not JSON, depending on where its input is cut: {@code
 * {"a":}} and {@code {"a":1,}}, if the input ends right before the last brace, and a byte order mark in front of the first
 * message (seen with 2.18.3). Not safe for use by several threads.
 */
final class JacksonGaps {
    /** The first of its three bytes in UTF-8. */
    private static final byte BYTE_ORDER_MARK = (byte) 0xef;

    private boolean isValueMissing;
    private boolean isFirstToken;
    /** The last byte that is no white space before the bytes that are parsed now, and in them. */
    private byte lastBefore;

    private byte last;
    private long lastAt = -1;

    /** Takes note of the bytes that the parser gets next, and of where in the stream they end. */
    void feed(byte[] bytes, int from, int to, long end) {
        isFirstToken = true;
        lastBefore = last;
        int at = to - 1;
        while (at >= from && isSpace(bytes[at])) {
            at--;
        }
        if (at >= from) {
            last = bytes[at];
            lastAt = end - (to - at);
        }
    }

    /** Returns where in the stream the last byte is that is no white space; -1 if there is none. */
    long lastAt() {
        return lastAt;
    }

    /** Returns whether the first of these bytes that is no white space may begin a byte order mark. */
    static boolean isMarkFirst(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && isSpace(bytes[at])) {
            at++;
        }
        return at < to && bytes[at] == BYTE_ORDER_MARK;
    }

    /** White space in JSON (RFC 8259). */
    private static boolean isSpace(byte value) {
        return value == ' ' || value == '\n' || value == '\r' || value == '\t';
    }

    /** Takes note of the parser's next token, and returns whether it ends an object that is not JSON. */
    boolean isWrong(JsonToken token) {
        boolean isCommaBefore = isFirstToken && lastBefore == ',';
        boolean isWrong = token == JsonToken.END_OBJECT && (isValueMissing || isCommaBefore);
        isValueMissing = token == JsonToken.FIELD_NAME;
        isFirstToken = false;
        return isWrong;
    }
}
