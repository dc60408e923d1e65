// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds the keys that no reader asked for, and for each the known key that was probably meant. */
final class UnknownKeys {
    private final JsonReader root;
    private final List<KeyPath> known = new ArrayList<>();

    UnknownKeys(JsonReader root) {
        this.root = root;
        collectKnown(root);
    }

    /** Adds one problem a key, in the order of the file. */
    void addTo(List<Problem> problems) {
        addTo(problems, root);
    }

    private void collectKnown(JsonReader reader) {
        reader.known().forEach(key -> known.add(reader.path().key(key)));
        reader.children().forEach(this::collectKnown);
    }

    private void addTo(List<Problem> problems, JsonReader reader) {
        for (String key : reader.keys()) {
            if (!reader.known().contains(key)) {
                KeyPath unknown = reader.path().key(key);
                problems.add(new Problem(
                        unknown.toString(), "is not a known key; the nearest is " + nearest(unknown, reader.path())));
            }
        }
        reader.children().forEach(child -> addTo(problems, child));
    }

    /** By spelling; of two that are as near, the one in the same object. A right key in the wrong object is found too. */
    private KeyPath nearest(KeyPath unknown, KeyPath parent) {
        return known.stream()
                .min(Comparator.<KeyPath>comparingInt(candidate -> EditDistance.between(last(unknown), last(candidate)))
                        .thenComparing(candidate -> !candidate.equals(parent.key(last(candidate)))))
                .orElseThrow(() -> new IllegalStateException("no key is known in " + root.path()));
    }

    private static String last(KeyPath path) {
        return path.steps().get(path.steps().size() - 1).toString();
    }
}
