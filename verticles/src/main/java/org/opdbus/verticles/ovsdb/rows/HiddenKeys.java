// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb.rows;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.opdbus.verticles.edges.rows.StoredValue;

/**
 * Hides the one secret that the database holds itself: the key of an IPsec tunnel ({@code options:psk} of an interface,
 * ovs-vswitchd.conf.db(5)). Only root can read the database, and the rows are for more readers than that. It keeps the values
 * with the key, because the server sends changes of them. For one thread.
 */
final class HiddenKeys {
    private static final String TABLE = "Interface";
    private static final String COLUMN = "options";
    private static final String KEY = "psk";
    private static final String SHOWN = "(hidden)";

    private final Map<String, StoredValue> values = new HashMap<>();

    /** Returns what readers may see of a value. */
    byte[] shown(String table, String uuid, String column, byte[] text) {
        if (!isConcerned(table, column)) {
            return text;
        }
        values.remove(uuid);
        Object value = Json.decodeValue(new String(text, StandardCharsets.UTF_8));
        if (!(value instanceof JsonObject options) || !options.containsKey(KEY)) {
            return text;
        }
        values.put(uuid, new StoredValue(text, Instant.EPOCH));
        return Json.encode(options.put(KEY, SHOWN)).getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the whole value of which readers see this. */
    StoredValue whole(String table, String uuid, String column, StoredValue seen) {
        return isConcerned(table, column) ? values.getOrDefault(uuid, seen) : seen;
    }

    void forget(String uuid) {
        values.remove(uuid);
    }

    void forgetAll() {
        values.clear();
    }

    private static boolean isConcerned(String table, String column) {
        return column.equals(COLUMN) && table.equals(TABLE);
    }
}
