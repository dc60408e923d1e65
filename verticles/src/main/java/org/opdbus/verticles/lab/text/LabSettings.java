// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.text;

import static org.opdbus.verticles.lab.definition.LabChecks.shown;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.opdbus.verticles.lab.definition.LabRefusal;

/** The words {@code KEY=VALUE} at the end of a command. */
final class LabSettings {
    private static final int DIGITS_MAX = 9;

    private final Map<String, String> values = new LinkedHashMap<>();

    /**
     * Reads them.
     *
     * @param from the first of the words that is one
     * @param known the keys that the command has
     * @param bare the key of one word that is without a key; empty if each needs one
     */
    LabSettings(List<String> words, int from, Set<String> known, String bare) {
        for (int index = from; index < words.size(); index++) {
            String word = words.get(index);
            int equals = word.indexOf('=');
            boolean keyed = equals > 0 && word.substring(0, equals).matches("[a-z]+");
            String key = keyed ? word.substring(0, equals) : bare;
            if (key.isEmpty() || !known.contains(key)) {
                throw refusal(index, word, "is unknown here", "use " + String.join("=, ", new TreeSet<>(known)) + "=");
            }
            if (values.put(key, keyed ? word.substring(equals + 1) : word) != null) {
                throw refusal(index, word, "gives " + key + " a second time", "give it once");
            }
        }
    }

    Optional<String> text(String key) {
        return Optional.ofNullable(values.get(key));
    }

    int number(String key, int otherwise) {
        String value = values.get(key);
        return value == null ? otherwise : number(value, key);
    }

    List<String> list(String key) {
        return text(key).map(value -> List.of(value.split(",", -1))).orElse(List.of());
    }

    static int number(String value, String what) {
        if (!value.matches("[0-9]{1," + DIGITS_MAX + "}")) {
            throw new LabRefusal(
                    shown(value) + " is no number for " + what,
                    "write 1 to " + DIGITS_MAX + " digits, and nothing else");
        }
        return Integer.parseInt(value);
    }

    private static LabRefusal refusal(int index, String word, String why, String remedy) {
        return new LabRefusal("word " + (index + 1) + ", " + shown(word) + ", " + why, remedy);
    }
}
