// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The value of one column of one row ({@code <value>}, RFC 7047 section 5.1): atoms or pairs of atoms. A plain value is a set
 * of exactly one atom. {@link AtomType} lists the types of atoms. Immutable; a comparison ignores the order.
 */
sealed interface Datum {
    /** Returns this value in the notation of RFC 7047, in which a set of one is the plain value. */
    Object toJson();

    /** Returns whether this value contains all elements of the other. */
    boolean includes(Datum other);

    /** Returns whether this value contains no element of the other. */
    boolean excludes(Datum other);

    /** Returns the change of a value that may have several elements, in the notation of ovsdb-server(7) section 4.1.14. */
    Datum differenceFrom(Datum before);

    /** A set; a plain value is a set with one element. */
    record Atoms(Set<Object> atoms) implements Datum {
        public Atoms {
            // Nearly all columns hold one value or none, so this saves most of the database's memory.
            atoms = atoms.size() < 2 ? Set.copyOf(atoms) : Collections.unmodifiableSet(new LinkedHashSet<>(atoms));
        }

        @Override
        public Object toJson() {
            List<Object> elements = new ArrayList<>(atoms.size());
            atoms.forEach(atom -> elements.add(atomToJson(atom)));
            return elements.size() == 1 ? elements.get(0) : JsonArray.of("set", new JsonArray(elements));
        }

        @Override
        public boolean includes(Datum other) {
            return other instanceof Atoms that && atoms.containsAll(that.atoms);
        }

        @Override
        public boolean excludes(Datum other) {
            return other instanceof Atoms that && Collections.disjoint(atoms, that.atoms);
        }

        @Override
        public Datum differenceFrom(Datum before) {
            Set<Object> difference = new LinkedHashSet<>(((Atoms) before).atoms);
            for (Object atom : atoms) {
                if (!difference.remove(atom)) {
                    difference.add(atom);
                }
            }
            return new Atoms(difference);
        }
    }

    /** A map. */
    record Pairs(Map<Object, Object> pairs) implements Datum {
        public Pairs {
            pairs = Collections.unmodifiableMap(new LinkedHashMap<>(pairs));
        }

        @Override
        public Object toJson() {
            JsonArray elements = new JsonArray();
            pairs.forEach((key, value) -> elements.add(JsonArray.of(atomToJson(key), atomToJson(value))));
            return JsonArray.of("map", elements);
        }

        @Override
        public boolean includes(Datum other) {
            return other instanceof Pairs that && pairs.entrySet().containsAll(that.pairs.entrySet());
        }

        @Override
        public boolean excludes(Datum other) {
            return other instanceof Pairs that && Collections.disjoint(pairs.entrySet(), that.pairs.entrySet());
        }

        @Override
        public Datum differenceFrom(Datum before) {
            Map<Object, Object> difference = new LinkedHashMap<>(((Pairs) before).pairs);
            pairs.forEach((key, value) -> {
                if (!difference.remove(key, value)) {
                    difference.put(key, value);
                }
            });
            return new Pairs(difference);
        }
    }

    static Datum of(String value) {
        return new Atoms(Set.of(value));
    }

    static Datum of(long value) {
        return new Atoms(Set.of(value));
    }

    static Datum of(boolean value) {
        return new Atoms(Set.of(value));
    }

    static Datum of(UUID value) {
        return new Atoms(Set.of(value));
    }

    static Datum of(Optional<String> value) {
        return new Atoms(value.<Set<Object>>map(Set::of).orElse(Set.of()));
    }

    /** Returns the value for a whole number that may be absent. */
    static Datum ofNumber(Optional<? extends Number> value) {
        return new Atoms(
                value.<Set<Object>>map(number -> Set.of(number.longValue())).orElse(Set.of()));
    }

    /** Returns the value for strings, in their natural order, so that clients always see the same order. */
    static Datum of(Collection<String> values) {
        return new Atoms(new LinkedHashSet<>(new TreeSet<>(values)));
    }

    /** Returns the value for whole numbers, in ascending order. */
    static Datum ofNumbers(Collection<Integer> values) {
        Set<Object> atoms = new LinkedHashSet<>();
        values.stream().sorted().forEach(value -> atoms.add(value.longValue()));
        return new Atoms(atoms);
    }

    /** Returns the value for strings by name, in the names' natural order. */
    static Datum of(Map<String, String> values) {
        return new Pairs(new LinkedHashMap<>(new TreeMap<>(values)));
    }

    private static Object atomToJson(Object atom) {
        return atom instanceof UUID uuid ? JsonArray.of("uuid", uuid.toString()) : atom;
    }
}
