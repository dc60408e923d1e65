// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import com.fasterxml.jackson.databind.JsonNode;

/** How values are shown to people in messages. */
final class JsonValues {
    private static final int SHOWN_LENGTH_MAX = 60;

    private JsonValues() {}

    /** A value as JSON has it, cut short where it is long, without control characters. */
    static String shown(Object value) {
        if (value instanceof Number || value instanceof Boolean) {
            return value.toString();
        }
        String text = value.toString().replaceAll("\\p{Cntrl}", "?");
        return text.length() <= SHOWN_LENGTH_MAX
                ? '"' + text + '"'
                : '"' + text.substring(0, SHOWN_LENGTH_MAX) + "…\" (" + text.length() + " characters)";
    }

    /** What kind of value it is, with its article. */
    static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case STRING -> "a string";
            case BOOLEAN -> "true or false";
            case NUMBER -> value.isIntegralNumber() ? "a whole number" : "a number with a fraction";
            case NULL -> "null";
            case BINARY, MISSING, POJO -> throw new IllegalStateException("not JSON: " + value.getNodeType());
        };
    }
}
