// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb.rows;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.edges.rows.DatabaseRows;
import org.opdbus.verticles.edges.rows.DatabaseRows.Standing;
import org.opdbus.verticles.edges.rows.RowColumns;
import org.opdbus.verticles.edges.rows.StoredRow;
import org.opdbus.verticles.edges.rows.StoredValue;
import org.opdbus.verticles.edges.rows.TableRows;

/** Folds a schema, listings and updates into snapshots. For one thread. */
final class RowsFold {
    /** Far more than a host has; a server that adds rows without end must not fill the heap. */
    private static final int ROWS_MAX = 50_000;

    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final Collection<String> wanted;
    private final SharedValues shared = new SharedValues();
    private final HiddenKeys hidden = new HiddenKeys();
    private Map<String, Map<String, ColumnShape>> schema = Map.of();
    private DatabaseRows rows;
    private int lastSerial;

    /**
     * Creates a fold without rows.
     *
     * @param wanted the tables; those that the database does not have stay empty
     */
    RowsFold(Collection<String> wanted, Instant now, String reason) {
        this.wanted = wanted;
        rows = new DatabaseRows(Map.of(), new Standing(false, now, reason));
    }

    DatabaseRows rows() {
        return rows;
    }

    /** Takes the schema of the server that the next listing comes from, and returns the requests of a monitor of everything. */
    JsonObject begin(JsonObject serverSchema) {
        JsonObject tables = serverSchema.getJsonObject("tables");
        Map<String, Map<String, ColumnShape>> read = new LinkedHashMap<>();
        JsonObject requests = new JsonObject();
        for (String table : wanted) {
            if (tables.containsKey(table)) {
                Map<String, ColumnShape> columns = new HashMap<>();
                tables.getJsonObject(table)
                        .getJsonObject("columns")
                        .forEach(column -> columns.put(
                                column.getKey(), ColumnShape.of(((JsonObject) column.getValue()).getValue("type"))));
                read.put(table, columns);
                requests.put(
                        table,
                        JsonArray.of(
                                new JsonObject().put("columns", new JsonArray(new ArrayList<>(columns.keySet())))));
            }
        }
        schema = read;
        return requests;
    }

    /** Takes every row that exists. What is the same as before stays the same object. */
    void listed(JsonObject listing, Instant now) {
        Map<String, TableRows> tables = new HashMap<>();
        hidden.forgetAll();
        schema.forEach((name, columns) -> {
            TableRows before = rows.table(name);
            TableRows table = TableRows.of(before.columns().with(columns.keySet()));
            JsonObject changes = listing.getJsonObject(name, new JsonObject());
            for (String uuid : changes.fieldNames()) {
                JsonObject whole = whole(changes.getJsonObject(uuid))
                        .orElseThrow(() -> new IllegalArgumentException("a listing without the row " + uuid));
                table = limited(name, table.with(row(name, table.columns(), before.row(uuid), uuid, whole, now)));
            }
            tables.put(name, table);
        });
        rows = new DatabaseRows(tables, new Standing(true, now, ""));
    }

    /** Takes the changes that one transaction made. */
    void changed(JsonObject update, Instant now) {
        Map<String, TableRows> tables = new HashMap<>(rows.tables());
        for (String name : update.fieldNames()) {
            TableRows table = tables.get(name);
            if (table != null) {
                tables.put(name, updated(name, table, update.getJsonObject(name), now));
            }
        }
        rows = new DatabaseRows(tables, rows.standing());
    }

    /** The rows stay as they were last. */
    void lost(String reason, Instant now) {
        rows = new DatabaseRows(rows.tables(), new Standing(false, now, reason));
    }

    /** Forgets the rows. The numbers of their successors are other ones. */
    void forget(String reason, Instant now) {
        hidden.forgetAll();
        rows = new DatabaseRows(Map.of(), new Standing(false, now, reason));
    }

    private TableRows updated(String name, TableRows table, JsonObject changes, Instant now) {
        TableRows result = table;
        for (String uuid : changes.fieldNames()) {
            JsonObject change = changes.getJsonObject(uuid);
            Optional<JsonObject> whole = whole(change);
            if (whole.isPresent()) {
                result = limited(
                        name, result.with(row(name, table.columns(), Optional.empty(), uuid, whole.get(), now)));
            } else if (change.getValue("modify") instanceof JsonObject modified) {
                result = result.with(modified(name, known(name, result, uuid), modified, now));
            } else {
                hidden.forget(uuid);
                result = result.without(uuid);
            }
        }
        return result;
    }

    private static Optional<JsonObject> whole(JsonObject change) {
        return Optional.ofNullable(change.getJsonObject("initial", change.getJsonObject("insert")));
    }

    private static StoredRow known(String table, TableRows rows, String uuid) {
        return rows.row(uuid)
                .orElseThrow(() -> new IllegalArgumentException(
                        "the server changed a row of " + table + " that it had not reported before: " + uuid));
    }

    private static TableRows limited(String name, TableRows table) {
        if (table.size() > ROWS_MAX) {
            throw new IllegalArgumentException("the server reports more than " + ROWS_MAX + " rows of " + name);
        }
        return table;
    }

    /** A column that is absent has its initial value. */
    private StoredRow row(
            String table, RowColumns columns, Optional<StoredRow> before, String uuid, JsonObject json, Instant now) {
        // It becomes part of file names.
        if (!UUID.matcher(uuid).matches()) {
            throw new IllegalArgumentException("the identifier of a row of " + table + " is none: " + uuid);
        }
        List<String> names = columns.names();
        @Nullable StoredValue[] values = new StoredValue[names.size()];
        boolean isSame = before.isPresent() && before.get().values().length == values.length;
        for (int i = 0; i < values.length; i++) {
            ColumnShape shape = shape(table, names.get(i));
            Optional<StoredValue> old = before.isPresent() ? before.get().value(i) : Optional.empty();
            if (shape != null) {
                Object wire = json.getValue(names.get(i));
                byte[] text =
                        hidden.shown(table, uuid, names.get(i), PlainText.of(wire == null ? shape.initial() : wire));
                values[i] = old.filter(value -> value.hasText(text)).orElseGet(() -> shared.of(text, now));
            }
            isSame &= Optional.ofNullable(values[i]).equals(old);
        }
        return isSame ? before.get() : new StoredRow(serial(before), uuid, columns, values);
    }

    private int serial(Optional<StoredRow> before) {
        return before.map(StoredRow::serial).orElseGet(() -> ++lastSerial);
    }

    private StoredRow modified(String table, StoredRow before, JsonObject changes, Instant now) {
        @Nullable StoredValue[] values = before.values();
        for (String column : changes.fieldNames()) {
            int number = before.columns().number(column).orElse(-1);
            ColumnShape shape = shape(table, column);
            if (number >= 0 && shape != null) {
                StoredValue old = Objects.requireNonNull(values[number], column);
                StoredValue whole = hidden.whole(table, before.uuid(), column, old);
                byte[] text = hidden.shown(
                        table, before.uuid(), column, PlainText.changed(shape.kind(), whole, changes.getValue(column)));
                values[number] = old.hasText(text) ? old : shared.of(text, now);
            }
        }
        return new StoredRow(before.serial(), before.uuid(), before.columns(), values);
    }

    private @Nullable ColumnShape shape(String table, String column) {
        return schema.getOrDefault(table, Map.of()).get(column);
    }
}
