// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb.rows;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.opdbus.verticles.edges.rows.StoredValue;
import org.opdbus.verticles.ovsdb.rows.ColumnShape.Kind;

/** Values in the notation of the wire (RFC 7047 section 5.1), made plain JSON text in which equal values are equal. */
final class PlainText {
    /** Only used for values of one type. */
    private static final Comparator<Object> ASCENDING = (one, other) -> {
        if (one instanceof Long a && other instanceof Long b) {
            return Long.compare(a, b);
        }
        if (one instanceof Double a && other instanceof Double b) {
            return Double.compare(a, b);
        }
        return String.valueOf(one).compareTo(String.valueOf(other));
    };

    private PlainText() {}

    /** Returns the text of a value. */
    static byte[] of(Object wire) {
        return encoded(isTagged(wire, "map") ? object(pairs(wire)) : list(atoms(wire)));
    }

    /**
     * Returns the text of a value after a change.
     *
     * @param change what the server sent for the kind of the column
     */
    static byte[] changed(Kind kind, StoredValue before, Object change) {
        return switch (kind) {
            case SINGLE -> of(change);
            case SET -> encoded(list(toggled(before.value(), atoms(change))));
            case MAP -> encoded(object(patched(before.value(), pairs(change))));
        };
    }

    private static Set<Object> toggled(Object before, Iterable<Object> change) {
        Set<Object> elements = new LinkedHashSet<>();
        if (before instanceof JsonArray array) {
            array.forEach(element -> elements.add(atom(element)));
        } else {
            elements.add(atom(before));
        }
        for (Object element : change) {
            if (!elements.remove(element)) {
                elements.add(element);
            }
        }
        return elements;
    }

    private static Map<String, Object> patched(Object before, Map<String, Object> change) {
        if (!(before instanceof JsonObject object)) {
            throw new IllegalArgumentException("the server changed a map that it had reported as something else");
        }
        Map<String, Object> all = new TreeMap<>();
        object.forEach(pair -> all.put(pair.getKey(), atom(pair.getValue())));
        change.forEach((key, value) -> {
            if (!all.remove(key, value)) {
                all.put(key, value);
            }
        });
        return all;
    }

    private static List<Object> atoms(Object wire) {
        if (!isTagged(wire, "set")) {
            return List.of(atom(wire));
        }
        List<Object> atoms = new ArrayList<>();
        ((JsonArray) wire).getJsonArray(1).forEach(element -> atoms.add(atom(element)));
        return atoms;
    }

    private static Map<String, Object> pairs(Object wire) {
        if (!isTagged(wire, "map")) {
            throw new IllegalArgumentException("not a map: " + wire);
        }
        Map<String, Object> pairs = new TreeMap<>();
        ((JsonArray) wire).getJsonArray(1).forEach(each -> {
            JsonArray pair = (JsonArray) each;
            pairs.put(String.valueOf(atom(pair.getValue(0))), atom(pair.getValue(1)));
        });
        return pairs;
    }

    private static boolean isTagged(Object wire, String tag) {
        return wire instanceof JsonArray array && array.size() == 2 && tag.equals(array.getValue(0));
    }

    /** An array is the identifier of a row. */
    private static Object atom(Object wire) {
        if (wire instanceof JsonArray identifier) {
            return identifier.getString(1);
        }
        if (wire instanceof Number number && !(wire instanceof Double)) {
            return number.longValue();
        }
        return wire;
    }

    private static Object list(Iterable<Object> atoms) {
        List<Object> sorted = new ArrayList<>();
        atoms.forEach(sorted::add);
        sorted.sort(ASCENDING);
        return sorted.size() == 1 ? sorted.get(0) : new JsonArray(sorted);
    }

    private static Object object(Map<String, Object> sorted) {
        return new JsonObject(sorted);
    }

    private static byte[] encoded(Object plain) {
        return Json.encode(plain).getBytes(StandardCharsets.UTF_8);
    }
}
