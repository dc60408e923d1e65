// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.opdbus.verticles.jsonrpc.OvsdbValue;
import org.opdbus.verticles.ovsdb.OvsdbException.Reason;

/**
 * The operations of one {@code transact} (RFC 7047 section 5.2). The server carries out all of them
 * or none.
 */
final class Transaction {
    private static final String DATABASE = "Open_vSwitch";

    private final List<JsonObject> operations = new ArrayList<>();
    /** The meaning of a {@code wait} at an index that did not find what it waits for. */
    private final Map<Integer, Supplier<OvsdbException>> guards = new HashMap<>();

    /** Selects rows; without column names, all their columns. */
    void select(String table, JsonArray where, String... columns) {
        JsonObject select = operation("select", table).put("where", where);
        add(columns.length == 0 ? select : select.put("columns", new JsonArray(List.of(columns))));
    }

    /** Makes the transaction fail unless the condition finds this one row, with these columns. */
    void guard(String table, JsonArray where, JsonObject row, Supplier<OvsdbException> failure) {
        guard(table, where, new JsonArray(List.copyOf(row.fieldNames())), JsonArray.of(row), failure);
    }

    /** Makes the transaction fail if the condition finds a row. */
    void guardAbsence(String table, JsonArray where, Supplier<OvsdbException> failure) {
        guard(table, where, JsonArray.of("_uuid"), new JsonArray(), failure);
    }

    private void guard(
            String table, JsonArray where, JsonArray columns, JsonArray rows, Supplier<OvsdbException> failure) {
        int index = add(operation("wait", table)
                .put("timeout", 0)
                .put("where", where)
                .put("columns", columns)
                .put("until", "==")
                .put("rows", rows));
        guards.put(index, failure);
    }

    /**
     * Inserts a row. Returns the operation's index, by which {@link #inserted} identifies the row.
     */
    int insert(String table, JsonObject row) {
        return add(operation("insert", table).put("row", row).put("uuid-name", rowName(operations.size())));
    }

    /**
     * Returns the value that refers, in this transaction, to the row that the operation at an index
     * inserts.
     */
    static JsonArray inserted(int index) {
        return OvsdbValue.namedUuid(rowName(index));
    }

    /** Replaces columns. */
    void update(String table, JsonArray where, JsonObject row) {
        add(operation("update", table).put("where", where).put("row", row));
    }

    /** Adds elements to sets and maps, or removes elements from them. */
    void mutate(String table, JsonArray where, JsonArray... mutations) {
        add(operation("mutate", table).put("where", where).put("mutations", new JsonArray(List.of(mutations))));
    }

    /** Writes a comment into the database's own log that says who made the change. */
    void comment(String text) {
        add(new JsonObject().put("op", "comment").put("comment", text));
    }

    /** Returns the parameters of the request. */
    JsonArray params() {
        JsonArray params = JsonArray.of(DATABASE);
        operations.forEach(params::add);
        return params;
    }

    /**
     * Checks that every operation and the whole transaction succeeded. A failure of the whole is
     * one more result after the last operation's.
     *
     * @throws OvsdbException with the meaning of the first failure
     */
    void check(JsonArray results) {
        for (int i = 0; i < results.size(); i++) {
            if (results.getValue(i) instanceof JsonObject result && result.getValue("error") != null) {
                throw failure(i, result);
            }
        }
        if (results.size() < operations.size()) {
            throw new OvsdbException(
                    Reason.UNKNOWN,
                    "ovsdb-server answered " + results.size() + " of " + operations.size() + " operations");
        }
    }

    /** Returns the rows that a select found, or none if it was not reached. */
    static List<JsonObject> rows(JsonArray results, int index) {
        if (!(results.getValue(index) instanceof JsonObject result)
                || !(result.getValue("rows") instanceof JsonArray)) {
            return List.of();
        }
        JsonArray rows = result.getJsonArray("rows");
        List<JsonObject> list = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            list.add(rows.getJsonObject(i));
        }
        return list;
    }

    /** Returns the identifier of an inserted row. */
    static String insertedUuid(JsonArray results, int index) {
        return results.getJsonObject(index).getJsonArray("uuid").getString(1);
    }

    static JsonArray where(String column, String function, Object value) {
        return JsonArray.of(JsonArray.of(column, function, value));
    }

    static JsonArray whereUuid(String uuid) {
        return where("_uuid", "==", OvsdbValue.uuid(uuid));
    }

    private OvsdbException failure(int index, JsonObject result) {
        String error = String.valueOf(result.getValue("error"));
        Supplier<OvsdbException> guard = guards.get(index);
        // The server reports a wait with timeout 0 that failed in this way (RFC 7047 section
        // 5.2.6).
        if (guard != null && error.equals("timed out")) {
            return guard.get();
        }
        String what = index < operations.size()
                ? operations.get(index).getString("op") + " on "
                        + operations.get(index).getString("table", "the database")
                : "the commit";
        String details = result.getString("details", "");
        if (error.equals("constraint violation") && details.contains("identical values")) {
            return new OvsdbException(Reason.NAME_TAKEN, "the name is taken: " + details);
        }
        return new OvsdbException(
                Reason.REFUSED,
                "ovsdb-server refused " + what + ": " + error + (details.isEmpty() ? "" : ": " + details));
    }

    private int add(JsonObject operation) {
        operations.add(operation);
        return operations.size() - 1;
    }

    private static JsonObject operation(String name, String table) {
        return new JsonObject().put("op", name).put("table", table);
    }

    /** A name may contain only letters, digits and underscores; the server refuses a hyphen. */
    private static String rowName(int index) {
        return "row" + index;
    }
}
