// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges.rows;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A row of the database with all its columns, at one moment. It never changes. */
public final class StoredRow {
    private static final String NAME = "name";

    private final int serial;
    private final String uuid;
    private final RowColumns columns;
    private final @Nullable StoredValue[] values;

    /**
     * Creates a row.
     *
     * @param serial its number, from 1; no other row of any table has it while the agent runs
     * @param values by the number of the column; null if the database does not have the column. Must not change afterwards
     */
    public StoredRow(int serial, String uuid, RowColumns columns, @Nullable StoredValue[] values) {
        this.serial = serial;
        this.uuid = uuid;
        this.columns = columns;
        this.values = values;
    }

    /** Returns the number of the row; no other row of any table has it while the agent runs. */
    public int serial() {
        return serial;
    }

    public String uuid() {
        return uuid;
    }

    /** Returns the columns of the row's table; the row may be without a value for some. */
    public RowColumns columns() {
        return columns;
    }

    /** Returns the value of the column with this number; empty if the database has no such column. */
    public Optional<StoredValue> value(int column) {
        return column < 0 || column >= values.length ? Optional.empty() : Optional.ofNullable(values[column]);
    }

    /** Returns the value of the column with this name; empty if the database has no such column. */
    public Optional<StoredValue> value(String column) {
        return value(columns.number(column).orElse(-1));
    }

    /** Returns the value of the column {@code name}; empty if the table has no such column. */
    public Optional<String> name() {
        return value(NAME).map(name -> String.valueOf(name.value()));
    }

    /** Returns whether an earlier state of the row had the same name, without reading it. */
    // A value that is the same is the same object.
    @SuppressWarnings("ReferenceEquality")
    boolean hasSameName(StoredRow earlier) {
        return value(NAME).orElse(null) == earlier.value(NAME).orElse(null);
    }

    /** Returns the time of the last change of any column. */
    public Instant changed() {
        long last = 0;
        for (StoredValue value : values) {
            last = value == null ? last : Math.max(last, value.changedMs());
        }
        return Instant.ofEpochMilli(last);
    }

    /** Returns the time of the oldest value: since when, as far as the agent has seen it, the row exists. */
    public Instant appeared() {
        long first = Long.MAX_VALUE;
        for (StoredValue value : values) {
            first = value == null ? first : Math.min(first, value.changedMs());
        }
        return first == Long.MAX_VALUE ? Instant.EPOCH : Instant.ofEpochMilli(first);
    }

    /** Returns the numbers of the columns whose values are not the same as in an earlier state of the row. */
    // A value that is the same is the same object.
    @SuppressWarnings("ReferenceEquality")
    public List<Integer> changedSince(StoredRow earlier) {
        List<Integer> changed = new ArrayList<>();
        for (int i = 0; i < Math.max(values.length, earlier.values.length); i++) {
            if (value(i).orElse(null) != earlier.value(i).orElse(null)) {
                changed.add(i);
            }
        }
        return changed;
    }

    /** Returns the values by the number of the column, as a copy that may be changed. */
    public @Nullable StoredValue[] values() {
        return values.clone();
    }
}
