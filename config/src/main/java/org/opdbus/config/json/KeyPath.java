// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.json;

import java.util.ArrayList;
import java.util.List;

/** The path from the top of a JSON document to a value in it. */
public record KeyPath(Notation notation, List<Object> steps) {
    /** How a path is written. */
    public enum Notation {
        /** {@code enrollment.ignore[2]}. */
        DOTTED,
        /** {@code /enrollment/ignore/2} (RFC 6901). */
        POINTER
    }

    public KeyPath {
        steps = List.copyOf(steps);
    }

    static KeyPath root(Notation notation) {
        return new KeyPath(notation, List.of());
    }

    public KeyPath key(String key) {
        return step(key);
    }

    KeyPath index(int index) {
        return step(index);
    }

    /** Returns the path in its notation; empty for the whole document. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Object step : steps) {
            if (notation == Notation.POINTER) {
                text.append('/').append(step.toString().replace("~", "~0").replace("/", "~1"));
            } else if (step instanceof Integer) {
                text.append('[').append(step).append(']');
            } else {
                text.append(text.isEmpty() ? "" : ".").append(step);
            }
        }
        return text.toString();
    }

    private KeyPath step(Object step) {
        List<Object> longer = new ArrayList<>(steps);
        longer.add(step);
        return new KeyPath(notation, longer);
    }
}
