// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.opdbus.verticles.ovsdb.OvsdbException.Reason;

/** The operations of one {@code transact} (RFC 7047 section 5.2), all or none of which the server carries out. */
final class Transaction {
    private static final String DATABASE = "Open_vSwitch";

    private final List<JsonObject> operations = new ArrayList<>();
    /** What it means that the {@code wait} at an index did not find what it waits for. */
    private final Map<Integer, Supplier<OvsdbException>> guards = new HashMap<>();

    /** Asks for rows; without names, for all their columns. Returns the operation's index. */
    int select(String table, JsonArray where, String... columns) {
        JsonObject select = operation("select", table).put("where", where);
        return add(columns.length == 0 ? select : select.put("columns", new JsonArray(List.of(columns))));
    }

    /** Goes on only if the condition finds this one row, in the columns that it has here. */
    void guard(String table, JsonArray where, JsonObject row, Supplier<OvsdbException> failure) {
        int index = add(operation("wait", table)
                .put("timeout", 0)
                .put("where", where)
                .put("columns", new JsonArray(List.copyOf(row.fieldNames())))
                .put("until", "==")
                .put("rows", JsonArray.of(row)));
        guards.put(index, failure);
    }

    /** Inserts a row; returns the value by which other operations of this transaction may name it. */
    JsonArray insert(String table, JsonObject row) {
        // A name has letters, digits and underscores only; a hyphen is refused.
        String name = "row" + operations.size();
        add(operation("insert", table).put("row", row).put("uuid-name", name));
        return OvsdbValue.namedUuid(name);
    }

    /** The index that the next operation gets. */
    int nextIndex() {
        return operations.size();
    }

    /** Replaces columns. Returns the operation's index. */
    int update(String table, JsonArray where, JsonObject row) {
        return add(operation("update", table).put("where", where).put("row", row));
    }

    /** Adds to sets and maps, or takes from them. Returns the operation's index. */
    int mutate(String table, JsonArray where, JsonArray... mutations) {
        return add(operation("mutate", table).put("where", where).put("mutations", new JsonArray(List.of(mutations))));
    }

    /** Says in the database's own log who did this. */
    void comment(String text) {
        add(new JsonObject().put("op", "comment").put("comment", text));
    }

    /** Makes the server carry out nothing after having looked at everything. */
    void abort() {
        add(new JsonObject().put("op", "abort"));
    }

    /** The parameters of the request. */
    JsonArray params() {
        JsonArray params = JsonArray.of(DATABASE);
        operations.forEach(params::add);
        return params;
    }

    /**
     * Makes sure that every operation was carried out and so was the whole: its failure stands in one more result past
     * the last operation's.
     *
     * @throws OvsdbException what the first failure means
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

    /** The rows that a select found, or none if it was not reached. */
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

    /** How many rows an update or a mutate found. */
    static int count(JsonArray results, int index) {
        return results.getJsonObject(index).getInteger("count", 0);
    }

    /** The identifier that an inserted row got. */
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
        // This is how the server says that a wait without patience was in vain (RFC 7047 section 5.2.6).
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
}
