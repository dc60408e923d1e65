// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.regex.Pattern;

/** Formats values for messages. */
public final class JsonValues {
    private static final Pattern PLAIN_NUMBER = Pattern.compile("-?(0|[1-9][0-9]{0,17})");
    private static final int SHOWN_LENGTH_MAX = 60;

    private JsonValues() {}

    /** Returns a value as JSON, cut if it is long, without control characters. */
    public static String shown(Object value) {
        if (value instanceof Number || value instanceof Boolean) {
            return value.toString();
        }
        String text = value.toString().replaceAll("\\p{Cntrl}", "?");
        return text.length() <= SHOWN_LENGTH_MAX
                ? '"' + text + '"'
                : '"' + text.substring(0, SHOWN_LENGTH_MAX) + "…\" (" + text.length() + " characters)";
    }

    /** Returns the kind of a value, with its article. */
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

    /** Returns what a value must be and is, and the correction if the error is obvious. */
    static String wrongType(String wanted, JsonNode node) {
        return "must be " + wanted + ", is " + kind(node) + hint(wanted, node);
    }

    /** Returns the correction if the error is obvious: a number in quotes, or a text without. */
    private static String hint(String wanted, JsonNode node) {
        if (node.isNull()) {
            return "; leave the key out to use the default";
        }
        if (wanted.equals("a string") && (node.isIntegralNumber() || node.isBoolean())) {
            return "; write it in quotes: \"" + node.asText() + '"';
        }
        boolean isNumber = wanted.equals("a whole number")
                && PLAIN_NUMBER.matcher(node.asText()).matches();
        boolean isTruth =
                wanted.equals("true or false") && List.of("true", "false").contains(node.asText());
        return node.isTextual() && (isNumber || isTruth) ? "; write it without quotes: " + node.asText() : "";
    }
}
