// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.opdbus.ledger.text.LineScanner;

/** The values that an entry's {@code data} may hold, so that writing and reading give the same value. */
final class DraftValues {
    private DraftValues() {}

    static void checkName(String what, String value) {
        if (value.isEmpty() || value.length() > LineScanner.NAME_LENGTH_MAX) {
            throw refused(
                    what + " must have 1 to " + LineScanner.NAME_LENGTH_MAX + " characters, not " + value.length());
        }
        checkText(value);
    }

    static Map<String, Object> copy(Map<?, ?> data) {
        return copy(data, 1);
    }

    private static Map<String, Object> copy(Map<?, ?> data, int depth) {
        checkDepth(depth);
        Map<String, Object> copy = new TreeMap<>();
        data.forEach((key, value) -> {
            if (!(key instanceof String name)) {
                throw refused("a key of its data is not a string: " + key);
            }
            checkText(name);
            copy.put(name, value(value, depth));
        });
        return Collections.unmodifiableMap(copy);
    }

    private static Object value(@Nullable Object value, int depth) {
        if (value instanceof String text) {
            checkText(text);
            return text;
        }
        if (value instanceof Boolean) {
            return value;
        }
        if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte) {
            return integer(((Number) value).longValue());
        }
        if (value instanceof Double || value instanceof Float) {
            return number(((Number) value).doubleValue());
        }
        if (value instanceof Map<?, ?> map) {
            return copy(map, depth + 1);
        }
        if (value instanceof List<?> items) {
            checkDepth(depth + 1);
            List<Object> copy = new ArrayList<>(items.size());
            items.forEach(item -> copy.add(value(item, depth + 1)));
            return Collections.unmodifiableList(copy);
        }
        throw refused("its data holds a value that has no exact JSON form: "
                + (value == null ? "null" : value.getClass().getName()));
    }

    private static Object integer(long value) {
        if (value > LineScanner.INTEGER_MAX || value < -LineScanner.INTEGER_MAX) {
            throw refused("JSON cannot represent " + value + " exactly (over 2^53); write it as a string");
        }
        return value;
    }

    /** Returns a double as it will be read: one without a fraction is written, and read, as an integer. */
    static Object number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            throw refused("JSON has no form for " + value);
        }
        return value == Math.rint(value) && Math.abs(value) <= LineScanner.INTEGER_MAX
                ? (Object) (long) value
                : (Object) value;
    }

    private static void checkDepth(int depth) {
        if (depth > LineScanner.DEPTH_MAX) {
            throw refused("its data is nested over " + LineScanner.DEPTH_MAX + " deep");
        }
    }

    /** Lone surrogates have no UTF-8 form. */
    private static void checkText(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    throw refused("a text in it is not valid Unicode: it holds half a surrogate " + "pair");
                }
                i++;
            }
        }
    }

    private static LedgerException refused(String why) {
        return new LedgerException(LedgerException.Reason.BAD_DRAFT, "cannot record a draft: " + why);
    }
}
