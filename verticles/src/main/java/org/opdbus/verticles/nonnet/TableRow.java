// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/**
 * The state of a row at one moment.
 *
 * @param uuid the row's identifier
 * @param cells the value of every column of its table
 */
record TableRow(UUID uuid, Map<String, Datum> cells) {
    TableRow {
        cells = Map.copyOf(cells);
    }

    /** Returns whether the row has these values. */
    boolean holds(Map<String, Datum> values) {
        return values.entrySet().stream().allMatch(value -> value.getValue().equals(cells.get(value.getKey())));
    }

    Datum cell(String column) {
        Datum cell = cells.get(column);
        if (cell == null) {
            throw new IllegalStateException("row " + uuid + " has no column " + column);
        }
        return cell;
    }

    /** Returns these columns as a {@code <row>} (RFC 7047 section 5.1). */
    JsonObject toJson(Collection<String> columns) {
        JsonObject json = new JsonObject();
        columns.forEach(column -> json.put(column, cell(column).toJson()));
        return json;
    }
}
