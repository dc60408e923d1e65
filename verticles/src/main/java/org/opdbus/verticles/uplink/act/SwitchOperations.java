// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.opdbus.verticles.jsonrpc.OvsdbValue;

/** Operations of a transaction (RFC 7047 section 5.2), and what their results say. */
final class SwitchOperations {
    static final String BRIDGE = "Bridge";
    static final String PORT = "Port";
    static final String INTERFACE = "Interface";
    static final String ROOT = "Open_vSwitch";

    /** A condition that each row meets; the root table has a single row. */
    static final JsonArray ANY = new JsonArray();

    /** Asks ovs-vswitchd to act on the transaction, as ovs-vsctl does. */
    static final JsonArray REQUEST_TO_SWITCH = JsonArray.of("next_cfg", "+=", 1);

    /**
     * Lets ovsdb-server answer when the transaction is on disk (RFC 7047 section 5.2.7). Without it a cut of the power can take back
     * a step whose end is in the journal.
     */
    static final JsonObject DURABLE = new JsonObject().put("op", "commit").put("durable", true);

    private SwitchOperations() {}

    static JsonArray named(String name) {
        return JsonArray.of(JsonArray.of("name", "==", name));
    }

    static JsonArray identified(String uuid) {
        return JsonArray.of(JsonArray.of("_uuid", "==", OvsdbValue.uuid(uuid)));
    }

    static JsonObject insert(String table, String uuidName, JsonObject row) {
        return new JsonObject()
                .put("op", "insert")
                .put("table", table)
                .put("uuid-name", uuidName)
                .put("row", row);
    }

    static JsonObject update(String table, JsonArray where, JsonObject row) {
        return new JsonObject()
                .put("op", "update")
                .put("table", table)
                .put("where", where)
                .put("row", row);
    }

    static JsonObject mutate(String table, JsonArray where, JsonArray... mutations) {
        return new JsonObject()
                .put("op", "mutate")
                .put("table", table)
                .put("where", where)
                .put("mutations", new JsonArray(List.of(mutations)));
    }

    static JsonObject comment(String text) {
        return new JsonObject().put("op", "comment").put("comment", text);
    }

    /** The transaction has no effect unless the table has no row of this name. */
    static JsonObject requireAbsent(String table, String name) {
        return require(table, named(name), "name");
    }

    /** The transaction has no effect unless these rows, and no others, meet the condition. */
    static JsonObject require(String table, JsonArray where, String column, JsonObject... rows) {
        return waitUntil(table, where, column, "==", rows).put("timeout", 0);
    }

    static JsonObject waitUntil(String table, JsonArray where, String column, String until, JsonObject... rows) {
        return new JsonObject()
                .put("op", "wait")
                .put("table", table)
                .put("where", where)
                .put("columns", JsonArray.of(column))
                .put("until", until)
                .put("rows", new JsonArray(List.of(rows)));
    }

    /** Returns the identifier of a row. */
    static String id(JsonObject row) {
        return row.getJsonArray("_uuid").getString(1);
    }

    /** Returns the value of a key of a column that is a map, or an empty text. */
    static String textOf(JsonObject row, String column, String key) {
        return OvsdbValue.stringMap(row.getValue(column)).getOrDefault(key, "");
    }
}
