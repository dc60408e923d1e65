// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.nonnet.Datum.Atoms;
import org.opdbus.verticles.nonnet.Datum.Pairs;
import org.opdbus.verticles.nonnet.NonNetException.Reason;

/**
 * The type of a column ({@code <type>}, RFC 7047 section 3.2).
 *
 * @param key the type of an element, or of a pair's first half
 * @param value the type of a pair's second half; present for a map only
 * @param min the smallest number of elements
 * @param max the largest number of elements
 */
record ColumnType(AtomType key, Optional<AtomType> value, int min, int max) {
    private static final int UNLIMITED = Integer.MAX_VALUE;

    static final ColumnType STRING = one(AtomType.STRING);
    static final ColumnType INTEGER = one(AtomType.INTEGER);
    static final ColumnType BOOLEAN = one(AtomType.BOOLEAN);
    static final ColumnType UUID = one(AtomType.UUID);
    static final ColumnType OPTIONAL_STRING = new ColumnType(AtomType.STRING, Optional.empty(), 0, 1);
    static final ColumnType OPTIONAL_INTEGER = new ColumnType(AtomType.INTEGER, Optional.empty(), 0, 1);
    static final ColumnType STRINGS = new ColumnType(AtomType.STRING, Optional.empty(), 0, UNLIMITED);
    static final ColumnType INTEGERS = new ColumnType(AtomType.INTEGER, Optional.empty(), 0, UNLIMITED);
    static final ColumnType STRING_MAP = new ColumnType(AtomType.STRING, Optional.of(AtomType.STRING), 0, UNLIMITED);

    private static ColumnType one(AtomType key) {
        return new ColumnType(key, Optional.empty(), 1, 1);
    }

    boolean isMap() {
        return value.isPresent();
    }

    /** Returns whether the column always holds exactly one atom. */
    boolean isScalar() {
        return !isMap() && min == 1 && max == 1;
    }

    /** Returns whether the column holds at most one number, so that conditions can compare it by size. */
    boolean isNumber() {
        return key == AtomType.INTEGER && !isMap() && max == 1;
    }

    /** Returns the type with any number of the same elements. */
    ColumnType ofAnySize() {
        return new ColumnType(key, value, 0, UNLIMITED);
    }

    /** Returns the type with exactly one of the same elements. */
    ColumnType ofSizeOne() {
        return new ColumnType(key, value, 1, 1);
    }

    boolean admits(Datum datum) {
        if (datum instanceof Pairs map) {
            return value.isPresent()
                    && fits(map.pairs().size())
                    && map.pairs().keySet().stream().allMatch(key::admits)
                    && map.pairs().values().stream().allMatch(value.get()::admits);
        }
        return datum instanceof Atoms set
                && value.isEmpty()
                && fits(set.atoms().size())
                && set.atoms().stream().allMatch(key::admits);
    }

    /** Returns the default value of the column. */
    Datum defaultDatum() {
        if (isMap()) {
            return new Pairs(Map.of());
        }
        return new Atoms(min == 0 ? Set.of() : Set.of(key.defaultAtom()));
    }

    /** Reads a value of this type. */
    Datum parse(@Nullable Object json) {
        Datum datum = value.isPresent() ? parseMap(json, value.get()) : parseSet(json);
        int size = datum instanceof Pairs map
                ? map.pairs().size()
                : ((Atoms) datum).atoms().size();
        if (!fits(size)) {
            throw new NonNetException(
                    Reason.SYNTAX,
                    size + " elements where " + min + " to " + max + " are allowed: " + Excerpt.of(json));
        }
        return datum;
    }

    private boolean fits(int size) {
        return size >= min && size <= max;
    }

    private Datum parseSet(@Nullable Object json) {
        Optional<JsonArray> elements = tagged("set", json);
        if (elements.isEmpty()) {
            return new Atoms(Set.of(key.parse(json)));
        }
        Set<Object> atoms = new LinkedHashSet<>();
        for (int i = 0; i < elements.get().size(); i++) {
            if (!atoms.add(key.parse(elements.get().getValue(i)))) {
                throw new NonNetException(Reason.SYNTAX, "an element stands in a set twice: " + Excerpt.of(json));
            }
        }
        return new Atoms(atoms);
    }

    private Datum parseMap(@Nullable Object json, AtomType valueType) {
        JsonArray elements = tagged("map", json)
                .orElseThrow(() ->
                        new NonNetException(Reason.SYNTAX, "expected [\"map\", <array>], found " + Excerpt.of(json)));
        Map<Object, Object> pairs = new LinkedHashMap<>();
        for (int i = 0; i < elements.size(); i++) {
            if (!(elements.getValue(i) instanceof JsonArray pair) || pair.size() != 2) {
                throw new NonNetException(Reason.SYNTAX, "expected a pair, found " + Excerpt.of(elements.getValue(i)));
            }
            if (pairs.put(key.parse(pair.getValue(0)), valueType.parse(pair.getValue(1))) != null) {
                throw new NonNetException(Reason.SYNTAX, "a key stands in a map twice: " + Excerpt.of(json));
            }
        }
        return new Pairs(pairs);
    }

    private static Optional<JsonArray> tagged(String tag, @Nullable Object json) {
        return json instanceof JsonArray array
                        && array.size() == 2
                        && tag.equals(array.getValue(0))
                        && array.getValue(1) instanceof JsonArray elements
                ? Optional.of(elements)
                : Optional.empty();
    }

    /** Returns this type as a schema shows it. */
    Object toJson() {
        if (isScalar()) {
            return key.word();
        }
        JsonObject json = new JsonObject().put("key", key.word());
        value.ifPresent(type -> json.put("value", type.word()));
        return json.put("min", min).put("max", max == UNLIMITED ? "unlimited" : (Object) max);
    }
}
