// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Values of a column, between JSON and Java (RFC 7047 section 5.1). A set of one element may be
 * written without its array. A row's identifier is {@code ["uuid", x]} and becomes the string x.
 */
public final class OvsdbValue {
    private OvsdbValue() {}

    /** Returns a reference to a row. */
    public static JsonArray uuid(String uuid) {
        return JsonArray.of("uuid", uuid);
    }

    /** Returns a reference to a row that the same transaction inserts under this name. */
    public static JsonArray namedUuid(String name) {
        return JsonArray.of("named-uuid", name);
    }

    /** Returns a set of these elements. */
    public static JsonArray set(Collection<?> atoms) {
        return JsonArray.of("set", new JsonArray(new ArrayList<>(atoms)));
    }

    /** Returns a set of one element or of none. */
    public static JsonArray set(Optional<?> atom) {
        return set(atom.map(List::of).orElse(List.of()));
    }

    /** Returns a map of texts. */
    public static JsonArray map(Map<String, String> map) {
        JsonArray pairs = new JsonArray();
        map.forEach((key, value) -> pairs.add(JsonArray.of(key, value)));
        return JsonArray.of("map", pairs);
    }

    /** Returns the elements of a set, in either notation, in the server's order. */
    public static List<Object> atoms(@Nullable Object json) {
        if (json == null) {
            return List.of();
        }
        if (json instanceof JsonArray array && "set".equals(array.getValue(0))) {
            JsonArray elements = array.getJsonArray(1);
            List<Object> atoms = new ArrayList<>(elements.size());
            for (int i = 0; i < elements.size(); i++) {
                atoms.add(atom(elements.getValue(i)));
            }
            return atoms;
        }
        return List.of(atom(json));
    }

    /**
     * Returns a map of texts, in the server's order.
     *
     * @throws IllegalArgumentException if it is no map
     */
    public static Map<String, String> stringMap(@Nullable Object json) {
        if (json == null) {
            return Map.of();
        }
        if (!(json instanceof JsonArray array) || !"map".equals(array.getValue(0))) {
            throw new IllegalArgumentException("not an OVSDB map: " + json);
        }
        Map<String, String> map = new LinkedHashMap<>();
        JsonArray pairs = array.getJsonArray(1);
        for (int i = 0; i < pairs.size(); i++) {
            JsonArray pair = pairs.getJsonArray(i);
            map.put(String.valueOf(pair.getValue(0)), String.valueOf(pair.getValue(1)));
        }
        return map;
    }

    /** Returns the elements of a set in a column of a row as texts: the identifiers of the rows to which it refers. */
    public static List<String> texts(JsonObject row, String column) {
        return atoms(row.getValue(column)).stream().map(String::valueOf).toList();
    }

    private static Object atom(Object json) {
        if (json instanceof JsonArray pair) {
            return pair.getString(1);
        }
        if (json instanceof Number number && !(number instanceof Double)) {
            return number.longValue();
        }
        return json;
    }
}
