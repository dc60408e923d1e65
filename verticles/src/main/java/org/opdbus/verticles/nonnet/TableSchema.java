// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.nonnet.NonNetException.Reason;

/**
 * The schema of a table ({@code <table-schema>}, RFC 7047 section 3.2).
 *
 * @param name the table's name
 * @param index the columns that together are unique for each row; empty if there are none
 * @param columns the type of every column by its name; the columns of every table ({@code _uuid}, {@code _version}) are last
 */
record TableSchema(String name, List<String> index, Map<String, ColumnType> columns) {
    /** The row's identifier. It stays the same as long as the row's object exists, also after a restart of the agent. */
    static final String UUID = "_uuid";

    /** The row's version, which is different after every change of the row. */
    static final String VERSION = "_version";

    TableSchema {
        Map<String, ColumnType> all = new LinkedHashMap<>(columns);
        all.put(UUID, ColumnType.UUID);
        all.put(VERSION, ColumnType.UUID);
        columns = Collections.unmodifiableMap(all);
    }

    /** Returns whether the table has this column. */
    boolean has(String column) {
        return columns.containsKey(column);
    }

    /** Returns the type of the column that a request names. */
    ColumnType column(@Nullable Object column) {
        ColumnType type = column instanceof String known ? columns.get(known) : null;
        if (type == null) {
            throw new NonNetException(Reason.UNKNOWN_COLUMN, "no column " + Excerpt.of(column) + " in table " + name);
        }
        return type;
    }

    JsonObject toJson() {
        JsonObject own = new JsonObject();
        columns.forEach((column, type) -> {
            if (!column.startsWith("_")) {
                own.put(column, new JsonObject().put("type", type.toJson()));
            }
        });
        JsonObject json = new JsonObject().put("columns", own).put("isRoot", true);
        return index.isEmpty() ? json : json.put("indexes", JsonArray.of(new JsonArray(index)));
    }
}
