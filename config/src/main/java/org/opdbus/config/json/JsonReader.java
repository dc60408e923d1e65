// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Takes values out of one JSON object and notes the errors in them, so that one pass finds every problem.
 *
 * <p>A key is known when it has been requested. For an absent or wrong value the reader returns the fallback: the
 * caller can always continue and build its record, and drops it if {@link #problems()} is not empty in the end.
 */
public final class JsonReader {
    private final JsonNode object;
    private final KeyPath path;
    private final List<Problem> problems;
    /** Whether the file has no such object, which was reported already. */
    private final boolean isStandIn;

    private final Set<String> known = new LinkedHashSet<>();
    /**
     * By their paths as text: a record computes its hash code through method handles, which would slow every start.
     */
    private final Map<String, JsonReader> children = new LinkedHashMap<>();

    private JsonReader(JsonNode object, KeyPath path, List<Problem> problems, boolean isStandIn) {
        this.object = object;
        this.isStandIn = isStandIn;
        this.path = path;
        this.problems = problems;
    }

    /** Reads the object at the top of a document. */
    public static JsonReader of(JsonNode document, KeyPath.Notation notation) {
        return of(document, KeyPath.root(notation), new ArrayList<>());
    }

    /**
     * Notes every key of this object, and of the objects read from it, that was not requested. Call it once, last.
     */
    public List<Problem> problems() {
        List<Problem> found = new ArrayList<>(problems);
        new UnknownKeys(this).addTo(found);
        return found;
    }

    public KeyPath path() {
        return path;
    }

    public Set<String> known() {
        return known;
    }

    Iterable<JsonReader> children() {
        return children.values();
    }

    Iterable<String> keys() {
        return object::fieldNames;
    }

    /** Returns whether the key is given; the request makes it known. */
    public boolean has(String key) {
        return take(key).isPresent();
    }

    /** Notes a problem if the key is absent; the request makes it known. */
    public void require(String key, String example) {
        if (!has(key) && !isStandIn) {
            refuse(key, "must be given, as in \"" + key + "\": " + example);
        }
    }

    /**
     * Notes a problem with the value of a key that only the caller can detect, such as a contradiction to another.
     */
    public void refuse(String key, String message) {
        problems.add(new Problem(path.key(key).toString(), message));
    }

    /** Returns the object under a key, or an empty one. */
    public JsonReader object(String key) {
        return child(take(key).orElseGet(JsonNodeFactory.instance::objectNode), path.key(key));
    }

    /** Returns the objects in the list under a key, or none. */
    public List<JsonReader> objects(String key) {
        List<JsonReader> objects = new ArrayList<>();
        for (JsonNode item : list(key)) {
            objects.add(child(item, path.key(key).index(objects.size())));
        }
        return objects;
    }

    public String string(String key, String fallback, Limit<String> limit) {
        return string(key, limit).orElse(fallback);
    }

    public Optional<String> string(String key, Limit<String> limit) {
        return value(key, limit, JsonReader::asString);
    }

    public boolean bool(String key, boolean fallback) {
        return bool(key).orElse(fallback);
    }

    public Optional<Boolean> bool(String key) {
        return value(key, Limit.none(), node -> {
            if (!node.isBoolean()) {
                throw new IllegalArgumentException(JsonValues.wrongType("true or false", node));
            }
            return node.booleanValue();
        });
    }

    public long integer(String key, long fallback, Limit<Long> limit) {
        return integer(key, limit).orElse(fallback);
    }

    public Optional<Long> integer(String key, Limit<Long> limit) {
        return value(key, limit, node -> {
            if (!node.isIntegralNumber()) {
                throw new IllegalArgumentException(JsonValues.wrongType("a whole number", node));
            }
            if (!node.canConvertToLong()) {
                throw new IllegalArgumentException("is too large a number");
            }
            return node.longValue();
        });
    }

    public Path file(String key, Path fallback, Limit<Path> limit) {
        return value(key, limit, node -> {
                    try {
                        return Path.of(asString(node));
                    } catch (InvalidPathException invalid) {
                        throw new IllegalArgumentException("is not a path: " + invalid.getReason(), invalid);
                    }
                })
                .orElse(fallback);
    }

    public <E extends Enum<E>> E oneOf(String key, E fallback) {
        return oneOf(key, fallback.getDeclaringClass()).orElse(fallback);
    }

    /** Returns a constant of an enum; files write constants in lower case. */
    public <E extends Enum<E>> Optional<E> oneOf(String key, Class<E> type) {
        E[] constants = type.getEnumConstants();
        List<String> names =
                Arrays.stream(constants).map(JsonReader::nameInFiles).toList();
        return value(key, Limit.none(), node -> {
            int index = names.indexOf(asString(node));
            if (index < 0) {
                throw new IllegalArgumentException(
                        "must be one of " + String.join(", ", names) + ", is " + JsonValues.shown(node.textValue()));
            }
            return constants[index];
        });
    }

    public <T> T parsed(String key, T fallback, Function<String, T> parse) {
        return parsed(key, parse).orElse(fallback);
    }

    /** Returns a value that its own type parses; the type reports an error by an IllegalArgumentException. */
    public <T> Optional<T> parsed(String key, Function<String, T> parse) {
        return value(key, Limit.none(), node -> parse.apply(asString(node)));
    }

    /** Returns the values of a list of strings, parsed likewise. */
    public <T> List<T> parsedList(String key, List<T> fallback, Function<String, T> parse) {
        if (!has(key)) {
            return fallback;
        }
        List<T> items = new ArrayList<>();
        int index = 0;
        for (JsonNode item : list(key)) {
            converted(item, path.key(key).index(index++), Limit.<T>none(), node -> parse.apply(asString(node)))
                    .ifPresent(items::add);
        }
        return items;
    }

    /** Returns a constant in the notation of files. */
    public static String nameInFiles(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private <T> Optional<T> value(String key, Limit<T> limit, Function<JsonNode, T> convert) {
        return take(key).flatMap(node -> converted(node, path.key(key), limit, convert));
    }

    private <T> Optional<T> converted(JsonNode node, KeyPath where, Limit<T> limit, Function<JsonNode, T> convert) {
        T value;
        try {
            value = convert.apply(node);
        } catch (IllegalArgumentException wrong) {
            problems.add(new Problem(where.toString(), String.valueOf(wrong.getMessage())));
            return Optional.empty();
        }
        Optional<String> violation = limit.violation(value);
        violation.ifPresent(message -> problems.add(new Problem(where.toString(), message)));
        return violation.isPresent() ? Optional.empty() : Optional.of(value);
    }

    private Optional<JsonNode> take(String key) {
        known.add(key);
        return Optional.ofNullable(object.get(key));
    }

    private Iterable<JsonNode> list(String key) {
        JsonNode list = take(key).orElseGet(JsonNodeFactory.instance::arrayNode);
        if (!list.isArray()) {
            refuse(key, JsonValues.wrongType("a list", list));
            return List.of();
        }
        return list;
    }

    private JsonReader child(JsonNode node, KeyPath where) {
        return children.computeIfAbsent(where.toString(), unused -> of(node, where, problems));
    }

    private static JsonReader of(JsonNode node, KeyPath where, List<Problem> problems) {
        if (node.isObject()) {
            return new JsonReader(node, where, problems, false);
        }
        problems.add(new Problem(where.toString(), JsonValues.wrongType("an object", node)));
        return new JsonReader(JsonNodeFactory.instance.objectNode(), where, problems, true);
    }

    private static String asString(JsonNode node) {
        if (!node.isTextual()) {
            throw new IllegalArgumentException(JsonValues.wrongType("a string", node));
        }
        return node.textValue();
    }
}
