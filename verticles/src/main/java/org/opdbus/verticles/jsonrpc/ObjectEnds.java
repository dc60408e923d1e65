// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import com.fasterxml.jackson.core.JsonToken;

/**
 * Recognizes objects that are not JSON although Jackson's non-blocking parser accepts them: {@code {"a":}} and {@code
 * {"a":1,}}, if its input ends right before the last brace (seen with 2.18.3). Not safe for use by several threads.
 */
final class ObjectEnds {
    private boolean isValueMissing;
    private boolean isFirstToken;
    /** The last byte that is no white space before the bytes that are parsed now, and in them. */
    private byte lastBefore;

    private byte last;

    /** Takes note of the bytes that the parser gets next. */
    void feed(byte[] bytes, int from, int to) {
        isFirstToken = true;
        lastBefore = last;
        int at = to - 1;
        while (at >= from && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) {
            at--;
        }
        last = at >= from ? bytes[at] : last;
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
