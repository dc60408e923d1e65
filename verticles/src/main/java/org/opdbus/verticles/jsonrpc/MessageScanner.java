// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import org.opdbus.verticles.jsonrpc.JsonRpcException.Reason;

/**
 * Finds the end of a JSON object among bytes (RFC 8259) without making anything of them, and refuses one that is too long, too
 * deep or of too many values as soon as that shows. It knows strings, brackets and the characters that may stand between them;
 * whether the object is right in itself is for a parser to say.
 */
final class MessageScanner {
    private static final int FIRST_PRINTABLE = 0x20;

    private final JsonRpcLimits limits;
    private int depth;
    private int values;
    private int length;
    private boolean isInString;
    private boolean isEscaped;
    private boolean isInLiteral;

    MessageScanner(JsonRpcLimits limits) {
        this.limits = limits;
    }

    /** Whether a message has begun and not ended. */
    boolean isWithin() {
        return depth > 0;
    }

    /**
     * Looks at bytes that follow those of the call before.
     *
     * @return the place behind the last byte of the message, or -1 if it does not end here
     * @throws JsonRpcException with {@link Reason#MALFORMED} if this cannot become an object within the limits
     */
    int end(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            int c = bytes[at];
            length += depth > 0 ? 1 : 0;
            if (length > limits.messageBytesMax()) {
                throw malformed("a message is longer than " + limits.messageBytesMax() + " bytes");
            }
            if (isInString) {
                readString(c);
            } else if (isEnd(c)) {
                return at + 1;
            }
        }
        return -1;
    }

    /** The place of the first byte that is no white space, which may stand between messages; {@code to} if there is none. */
    int skipSpace(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && isSpace(bytes[at])) {
            at++;
        }
        return at;
    }

    /** Forgets the message that has ended. */
    void reset() {
        depth = 0;
        values = 0;
        length = 0;
        isInLiteral = false;
    }

    private void readString(int c) {
        if (c >= 0 && c < FIRST_PRINTABLE) {
            throw malformed("what was received is not JSON: a control character in a string");
        }
        if (isEscaped) {
            isEscaped = false;
        } else if (c == '\\') {
            isEscaped = true;
        } else if (c == '"') {
            isInString = false;
        }
    }

    /** Whether this character, outside of strings, ends the message. */
    private boolean isEnd(int c) {
        boolean wasInLiteral = isInLiteral;
        isInLiteral = false;
        switch (c) {
            case ' ', '\t', '\n', '\r', ',', ':' -> {}
            case '{', '[' -> open(c);
            case '}', ']' -> depth--;
            case '"' -> {
                isInString = true;
                value();
            }
            default -> {
                if (!isOfLiteral(c)) {
                    throw malformed("what was received is not JSON: a character that may not stand there");
                }
                isInLiteral = true;
                if (!wasInLiteral) {
                    value();
                }
            }
        }
        boolean isClosing = c == '}' || c == ']';
        if (depth < 0 || (depth == 0 && !isClosing && !isSpace(c))) {
            throw malformed("what was received is not a JSON object");
        }
        return depth == 0 && isClosing;
    }

    private void open(int c) {
        if (depth == 0) {
            if (c != '{') {
                throw malformed("what was received is JSON, but not an object");
            }
            length = 1;
        }
        depth++;
        if (depth > limits.nestingMax()) {
            throw malformed("a message nests deeper than " + limits.nestingMax() + " levels");
        }
        value();
    }

    private void value() {
        values++;
        if (values > limits.valuesMax()) {
            throw malformed("a message has more than " + limits.valuesMax() + " names and values");
        }
    }

    private static boolean isSpace(int c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    /** Of a number, {@code true}, {@code false} or {@code null}. */
    private static boolean isOfLiteral(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' || c == 'E';
    }

    private static JsonRpcException malformed(String why) {
        return new JsonRpcException(Reason.MALFORMED, why);
    }
}
