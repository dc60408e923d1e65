// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** The operation of a transaction that reads rows, and the rows that it found (RFC 7047 section 5.2.2). */
public final class OvsdbSelect {
    private OvsdbSelect() {}

    /** Returns the operation that reads these columns of every row of a table. */
    public static JsonObject all(String table, String... columns) {
        return where(table, new JsonArray(), columns);
    }

    /** Returns the operation that reads these columns of the rows that meet the conditions. */
    public static JsonObject where(String table, JsonArray conditions, String... columns) {
        return new JsonObject()
                .put("op", "select")
                .put("table", table)
                .put("where", conditions)
                .put("columns", new JsonArray(List.of(columns)));
    }

    /**
     * Returns the rows that an operation found.
     *
     * @param results of the transaction
     * @param operation the place of the operation in it, from 0
     * @throws IllegalArgumentException if the database refused it
     */
    public static List<JsonObject> rows(JsonArray results, int operation) {
        JsonObject result = results.getJsonObject(operation);
        if (result == null || result.getJsonArray("rows") == null) {
            throw new IllegalArgumentException("the database refused to list: " + results.encode());
        }
        List<JsonObject> rows = new ArrayList<>();
        result.getJsonArray("rows").forEach(row -> rows.add((JsonObject) row));
        return rows;
    }
}
