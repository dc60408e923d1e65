// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.files;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lines of the form {@code KEY=VALUE}, as shells, os-release(5) and the state files of systemd have them. A value may stand in
 * quotation marks; nothing in it is expanded. Other lines are passed over. The last of several values counts.
 */
public final class KeyValues {
    private KeyValues() {}

    /** Returns the values in the order of the text. */
    public static Map<String, String> parse(String text) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String line : text.split("\n", -1)) {
            String trimmed = line.strip();
            int sign = trimmed.indexOf('=');
            if (sign > 0 && trimmed.charAt(0) != '#') {
                values.put(trimmed.substring(0, sign), unquoted(trimmed.substring(sign + 1)));
            }
        }
        return values;
    }

    private static String unquoted(String value) {
        if (value.length() >= 2) {
            char first = value.charAt(0);
            int end = value.indexOf(first, 1);
            if ((first == '"' || first == '\'') && end > 0) {
                return value.substring(1, end);
            }
        }
        return value;
    }
}
