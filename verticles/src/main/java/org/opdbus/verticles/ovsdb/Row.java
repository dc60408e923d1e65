// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.verticles.jsonrpc.OvsdbValue;

/**
 * One monitored row in its present state. An absent column has its default: empty, which the server
 * need not send.
 */
final class Row {
    private final Map<String, Object> singles = new HashMap<>();
    private final Map<String, Set<Object>> sets = new HashMap<>();
    private final Map<String, Map<String, String>> maps = new HashMap<>();

    /** Creates a row that the server reports whole, which is a change from all defaults. */
    static Row of(List<Column> columns, JsonObject json) {
        Row row = new Row();
        row.modify(columns, json);
        return row;
    }

    void modify(List<Column> columns, JsonObject changes) {
        for (Column column : columns) {
            Object change = changes.getValue(column.name());
            if (change == null) {
                continue;
            }
            switch (column.kind()) {
                case SINGLE -> replace(column.name(), OvsdbValue.atoms(change));
                case SET -> toggle(sets.computeIfAbsent(column.name(), n -> new LinkedHashSet<>()), change);
                case MAP -> patch(maps.computeIfAbsent(column.name(), n -> new HashMap<>()), change);
            }
        }
    }

    String string(String column) {
        return String.valueOf(singles.getOrDefault(column, ""));
    }

    Optional<String> optionalString(String column) {
        return Optional.ofNullable(singles.get(column)).map(String::valueOf);
    }

    Optional<Integer> optionalInt(String column) {
        return Optional.ofNullable(singles.get(column)).map(value -> Math.toIntExact((Long) value));
    }

    /** Returns the column's elements, as a view that changes with the row. */
    Set<Object> set(String column) {
        return sets.getOrDefault(column, Set.of());
    }

    Map<String, String> map(String column) {
        return maps.getOrDefault(column, Map.of());
    }

    private void replace(String column, List<Object> value) {
        if (value.isEmpty()) {
            singles.remove(column);
        } else {
            singles.put(column, value.get(0));
        }
    }

    private static void toggle(Set<Object> set, Object change) {
        for (Object element : OvsdbValue.atoms(change)) {
            if (!set.add(element)) {
                set.remove(element);
            }
        }
    }

    private static void patch(Map<String, String> map, Object change) {
        OvsdbValue.stringMap(change).forEach((key, value) -> {
            if (value.equals(map.get(key))) {
                map.remove(key);
            } else {
                map.put(key, value);
            }
        });
    }
}
