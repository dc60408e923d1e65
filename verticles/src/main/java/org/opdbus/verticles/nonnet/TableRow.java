// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/**
 * A row as it was at one time.
 *
 * @param uuid which row it is
 * @param cells what stands in every column of its table
 */
record TableRow(UUID uuid, Map<String, Datum> cells) {
    TableRow {
        cells = Map.copyOf(cells);
    }

    /** Whether these stand in it. */
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

    /** These columns as a {@code <row>} (RFC 7047 section 5.1). */
    JsonObject toJson(Collection<String> columns) {
        JsonObject json = new JsonObject();
        columns.forEach(column -> json.put(column, cell(column).toJson()));
        return json;
    }
}
