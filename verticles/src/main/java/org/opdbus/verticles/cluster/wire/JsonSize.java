// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.wire;

import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * Computes how many bytes a value takes as JSON in UTF-8, at most, without writing any. A text that has no UTF-8
 * form, because half of a surrogate pair is missing, is greater than anything.
 */
public final class JsonSize {
    /** The size of a value that cannot be written; sums of it do not overflow. */
    public static final long UNWRITABLE = 1L << 40;

    private static final int ESCAPED = 6;

    private JsonSize() {}

    /** Returns the size of a text, number, truth value, list or map of such. */
    public static long of(Object value) {
        if (value instanceof String text) {
            return ofText(text);
        }
        if (value instanceof JsonObject object) {
            return of(object.getMap());
        }
        if (value instanceof Map<?, ?> map) {
            long size = 2;
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                size += ofText(String.valueOf(entry.getKey())) + of(entry.getValue()) + 2;
            }
            return size;
        }
        if (value instanceof Iterable<?> items) {
            long size = 2;
            for (Object item : items) {
                size += of(item) + 1;
            }
            return size;
        }
        return String.valueOf(value).length();
    }

    /** Returns the size of a text with its quotes. */
    public static long ofText(String text) {
        long size = 2;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                size += c < ' ' || c == 0x7f ? ESCAPED : c == '"' || c == '\\' ? 2 : 1;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                size += 2 * ESCAPED;
                i++;
            } else if (Character.isSurrogate(c)) {
                return UNWRITABLE;
            } else {
                size += c < 0x800 ? 2 : 3;
            }
        }
        return size;
    }

    /** Returns a name, cut to this length; half a surrogate pair becomes U+FFFD, so that it can be written. */
    public static String clipped(String name, int lengthMax) {
        if (name.length() <= lengthMax && ofText(name) < UNWRITABLE) {
            return name;
        }
        int room = name.length() <= lengthMax ? lengthMax : lengthMax - 1;
        StringBuilder clipped = new StringBuilder();
        name.codePoints()
                .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xfffd : c)
                .takeWhile(c -> clipped.length() + Character.charCount(c) <= room)
                .forEachOrdered(clipped::appendCodePoint);
        return name.length() <= lengthMax
                ? clipped.toString()
                : clipped.append('…').toString();
    }
}
