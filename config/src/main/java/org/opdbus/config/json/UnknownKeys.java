// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.json;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds the keys that no reader requested, and for each the known key that was probably meant. */
final class UnknownKeys {
    private final JsonReader root;
    /** The last parts of all known keys: few, however long the file is. */
    private final Set<String> words = new LinkedHashSet<>();

    private final Map<String, List<String>> nearestWords = new HashMap<>();
    /** The readers from the present one up to the root. */
    private final Deque<JsonReader> way = new ArrayDeque<>();

    UnknownKeys(JsonReader root) {
        this.root = root;
        collectWords(root);
    }

    /** Adds one problem per key, in the order of the file. */
    void addTo(List<Problem> problems) {
        addTo(problems, root);
    }

    private void collectWords(JsonReader reader) {
        words.addAll(reader.known());
        reader.children().forEach(this::collectWords);
    }

    private void addTo(List<Problem> problems, JsonReader reader) {
        way.push(reader);
        for (String key : reader.keys()) {
            if (!reader.known().contains(key)) {
                problems.add(new Problem(
                        reader.path().key(key).toString(), "is not a known key; the nearest is " + nearest(key)));
            }
        }
        reader.children().forEach(child -> addTo(problems, child));
        way.pop();
    }

    /**
     * Returns the nearest key by spelling. Among equally near keys, one in the same object comes first, then the one
     * that shares most of the path. So it also finds a correct key in the wrong object.
     */
    private KeyPath nearest(String key) {
        List<String> candidates = nearestWords.computeIfAbsent(key, this::nearestWords);
        for (JsonReader ancestor : way) {
            for (String word : candidates) {
                Optional<KeyPath> found = find(ancestor, word);
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        throw new IllegalStateException("no known key is in " + root.path());
    }

    private List<String> nearestWords(String key) {
        int least = words.stream()
                .mapToInt(word -> EditDistance.between(key, word))
                .min()
                .orElseThrow(() -> new IllegalStateException("no known key is in " + root.path()));
        return words.stream()
                .filter(word -> EditDistance.between(key, word) == least)
                .toList();
    }

    private static Optional<KeyPath> find(JsonReader reader, String word) {
        if (reader.known().contains(word)) {
            return Optional.of(reader.path().key(word));
        }
        for (JsonReader child : reader.children()) {
            Optional<KeyPath> found = find(child, word);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }
}
