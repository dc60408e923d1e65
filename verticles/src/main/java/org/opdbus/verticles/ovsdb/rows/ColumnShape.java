// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb.rows;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * What must be known of a column's type (RFC 7047 section 3.2) to read its values.
 *
 * @param kind what a change of it holds
 * @param initial the value of a row that was never given one, in the notation of the wire
 */
record ColumnShape(Kind kind, Object initial) {
    /** What the server sends when a value has changed (ovsdb-server(7), section 4.1.14). */
    enum Kind {
        /** At most one element: the new value. */
        SINGLE,
        /** The elements that were added or removed. */
        SET,
        /** The pairs that were added, removed or changed. */
        MAP
    }

    private static final String NO_ROW = "00000000-0000-0000-0000-000000000000";

    /** Reads a {@code <type>}: the name of an atomic type, or an object. */
    static ColumnShape of(@Nullable Object type) {
        if (!(type instanceof JsonObject object)) {
            return new ColumnShape(Kind.SINGLE, initialOf(type));
        }
        boolean isMap = object.containsKey("value");
        Object initial = isMap
                ? JsonArray.of("map", new JsonArray())
                : number(object.getValue("min")) == 0
                        ? JsonArray.of("set", new JsonArray())
                        : initialOf(object.getValue("key"));
        if (number(object.getValue("max")) <= 1) {
            return new ColumnShape(Kind.SINGLE, initial);
        }
        return new ColumnShape(isMap ? Kind.MAP : Kind.SET, initial);
    }

    /** Both limits are 1 if they are absent; the larger one may be "unlimited". */
    private static int number(@Nullable Object limit) {
        return limit == null ? 1 : limit instanceof Number number ? number.intValue() : Integer.MAX_VALUE;
    }

    private static Object initialOf(@Nullable Object base) {
        Object name = base instanceof JsonObject object ? object.getValue("type") : base;
        return switch (String.valueOf(name)) {
            case "integer" -> 0L;
            case "real" -> 0.0;
            case "boolean" -> false;
            case "uuid" -> JsonArray.of("uuid", NO_ROW);
            default -> "";
        };
    }
}
