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
import java.util.TreeSet;

/** Finds the keys that no reader requested, and for each the known key that was probably meant, or those that could be. */
final class UnknownKeys {
    private static final int ERRORS_MAX = 2;
    /** The letters of a word that was cut short. */
    private static final int CUT_MIN = 3;

    private final JsonReader root;
    /** The last parts of all known keys: few, however long the file is. */
    private final Set<String> words = new LinkedHashSet<>();

    private final Map<String, List<String>> nearWords = new HashMap<>();
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
                problems.add(
                        new Problem(reader.path().key(key).toString(), "is not a known key; " + remedy(reader, key)));
            }
        }
        reader.children().forEach(child -> addTo(problems, child));
        way.pop();
    }

    private String remedy(JsonReader reader, String key) {
        return near(key)
                .map(found -> "the nearest is " + found)
                .orElseGet(() -> reader.known().isEmpty()
                        ? "no key is known there"
                        : "known there: " + String.join(", ", new TreeSet<>(reader.known())));
    }

    /**
     * Returns the nearest key by spelling, if one is near. Among equally near keys, one in the same object comes first, then the
     * one that shares most of the path. So it also finds a correct key in the wrong object.
     */
    private Optional<KeyPath> near(String key) {
        List<String> candidates = nearWords.computeIfAbsent(key, this::nearWords);
        return way.stream()
                .flatMap(ancestor -> candidates.stream().flatMap(word -> find(ancestor, word).stream()))
                .findFirst();
    }

    private List<String> nearWords(String key) {
        List<String> near = words.stream().filter(word -> isNear(key, word)).toList();
        int least = near.stream()
                .mapToInt(word -> EditDistance.between(key, word))
                .min()
                .orElse(0);
        return near.stream()
                .filter(word -> EditDistance.between(key, word) == least)
                .toList();
    }

    /** Returns whether one may be a slip for the other: few typing errors in most of a word, or a word cut short. */
    private static boolean isNear(String key, String word) {
        int errors = EditDistance.between(key, word);
        boolean isCut =
                Math.min(key.length(), word.length()) >= CUT_MIN && (key.startsWith(word) || word.startsWith(key));
        return isCut || (errors <= ERRORS_MAX && 3 * errors <= Math.max(key.length(), word.length()));
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
