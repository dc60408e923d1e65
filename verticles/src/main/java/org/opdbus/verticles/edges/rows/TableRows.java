// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges.rows;

import java.util.Collection;
import java.util.Optional;
import org.opdbus.verticles.inventory.SnapshotMap;

/** The rows of a table at one moment. It never changes; a changed copy shares what is the same. */
public final class TableRows {
    /** A table without columns and rows. */
    public static final TableRows EMPTY =
            new TableRows(RowColumns.NONE, SnapshotMap.empty(), SnapshotMap.empty(), SnapshotMap.empty());

    private final RowColumns columns;
    private final SnapshotMap<String, StoredRow> rows;
    private final SnapshotMap<Integer, String> bySerial;
    private final SnapshotMap<String, String> byName;

    private TableRows(
            RowColumns columns,
            SnapshotMap<String, StoredRow> rows,
            SnapshotMap<Integer, String> bySerial,
            SnapshotMap<String, String> byName) {
        this.columns = columns;
        this.rows = rows;
        this.bySerial = bySerial;
        this.byName = byName;
    }

    /** Returns a table with these columns and no rows. */
    public static TableRows of(RowColumns columns) {
        return new TableRows(columns, SnapshotMap.empty(), SnapshotMap.empty(), SnapshotMap.empty());
    }

    public RowColumns columns() {
        return columns;
    }

    /** Returns the row with this identifier. */
    public Optional<StoredRow> row(String uuid) {
        return rows.get(uuid);
    }

    /** Returns the row with this number. */
    public Optional<StoredRow> row(int serial) {
        return bySerial.get(serial).flatMap(rows::get);
    }

    /** Returns a row with this name; if several have it, always the one that came last. */
    public Optional<StoredRow> named(String name) {
        return byName.get(name).flatMap(rows::get);
    }

    /** Returns every row, in no particular order. */
    public Collection<StoredRow> all() {
        return rows.values();
    }

    /** Returns every name that a row has, each once. */
    public Collection<String> names() {
        return byName.keys();
    }

    /** Returns how many rows there are. */
    public int size() {
        return rows.size();
    }

    /** Returns the identifiers of the rows that came, went or changed since an earlier state of the table. */
    public Collection<String> changedSince(TableRows earlier) {
        return rows.changedSince(earlier.rows);
    }

    /** Returns the numbers of the rows that came or went since an earlier state of the table. */
    public Collection<Integer> membersChangedSince(TableRows earlier) {
        return bySerial.changedSince(earlier.bySerial);
    }

    /** Returns the names that lead to another row than in an earlier state of the table, or to none. */
    public Collection<String> namesChangedSince(TableRows earlier) {
        return byName.changedSince(earlier.byName);
    }

    /** Returns the table with this row, in the place of the one with its identifier. */
    public TableRows with(StoredRow row) {
        Optional<StoredRow> before = rows.get(row.uuid());
        return new TableRows(
                columns,
                rows.with(row.uuid(), row),
                bySerial.with(row.serial(), row.uuid()),
                before.isPresent() && row.hasSameName(before.get()) ? byName : renamed(before, row));
    }

    /** Returns the table without the row with this identifier. */
    public TableRows without(String uuid) {
        Optional<StoredRow> row = rows.get(uuid);
        return row.isEmpty()
                ? this
                : new TableRows(
                        columns,
                        rows.without(uuid),
                        bySerial.without(row.get().serial()),
                        unnamed(row.get().name(), uuid));
    }

    private SnapshotMap<String, String> renamed(Optional<StoredRow> before, StoredRow row) {
        SnapshotMap<String, String> others = unnamed(before.flatMap(StoredRow::name), row.uuid());
        return row.name().map(name -> others.with(name, row.uuid())).orElse(others);
    }

    /** The name may lead to another row already: a transaction can give it to a new row before it removes the old one. */
    private SnapshotMap<String, String> unnamed(Optional<String> name, String uuid) {
        return name.isPresent() && byName.get(name.get()).equals(Optional.of(uuid))
                ? byName.without(name.get())
                : byName;
    }
}
