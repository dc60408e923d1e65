// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Predicate;
import org.opdbus.verticles.nonnet.TableMonitor.Kind;
import org.opdbus.verticles.nonnet.TableMonitor.Notice;

/** The two formats in which the server reports the change of a row to a monitor. */
enum UpdateFormat {
    /** {@code <row-update>}: the row before and after (RFC 7047 section 4.1.6). */
    UPDATE("update") {
        @Override
        JsonObject of(Notice notice, TableSchema table, Optional<TableRow> before, Optional<TableRow> after) {
            JsonObject update = new JsonObject();
            before.ifPresent(row -> {
                Predicate<String> shown = column ->
                        notice.kind() == Kind.DELETE || !row.cell(column).equals(cell(after, column));
                update.put(
                        "old",
                        row.toJson(notice.columns().stream().filter(shown).toList()));
            });
            if (notice.kind() != Kind.DELETE) {
                update.put("new", after.orElseThrow().toJson(notice.columns()));
            }
            return update;
        }
    },

    /** {@code <row-update2>}: the difference (ovsdb-server(7) section 4.1.14). */
    UPDATE2("update2") {
        @Override
        JsonObject of(Notice notice, TableSchema table, Optional<TableRow> before, Optional<TableRow> after) {
            return switch (notice.kind()) {
                case INITIAL -> new JsonObject().put("initial", whole(notice, table, after.orElseThrow()));
                case INSERT -> new JsonObject().put("insert", whole(notice, table, after.orElseThrow()));
                case DELETE -> new JsonObject().putNull("delete");
                case MODIFY ->
                    new JsonObject()
                            .put("modify", difference(notice, table, before.orElseThrow(), after.orElseThrow()));
            };
        }
    };

    private final String method;

    UpdateFormat(String method) {
        this.method = method;
    }

    /** Returns the method of the notification. */
    String method() {
        return method;
    }

    /**
     * Returns the update for one row.
     *
     * @param before the row as the client knows it; empty if the client does not know it
     * @param after the present row; empty if it is gone. The monitor's conditions may no longer cover it
     */
    abstract JsonObject of(Notice notice, TableSchema table, Optional<TableRow> before, Optional<TableRow> after);

    private static Datum cell(Optional<TableRow> row, String column) {
        return row.orElseThrow().cell(column);
    }

    private static JsonObject whole(Notice notice, TableSchema table, TableRow row) {
        return row.toJson(notice.columns().stream()
                .filter(column -> !row.cell(column).equals(table.column(column).defaultDatum()))
                .toList());
    }

    private static JsonObject difference(Notice notice, TableSchema table, TableRow before, TableRow after) {
        JsonObject difference = new JsonObject();
        for (String column : notice.columns()) {
            Datum was = before.cell(column);
            Datum is = after.cell(column);
            if (!is.equals(was)) {
                boolean single = table.column(column).max() == 1;
                difference.put(column, (single ? is : is.differenceFrom(was)).toJson());
            }
        }
        return difference;
    }
}
