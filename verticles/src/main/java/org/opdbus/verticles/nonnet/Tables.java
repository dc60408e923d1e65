// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The rows by table and natural key, and the changes since the last {@link #commit}. Putting an equal row again is no change.
 * For one thread only.
 */
final class Tables {
    private final String host;
    private final Map<TableSchema, Map<String, TableRow>> rows = new LinkedHashMap<>();
    private final Map<UUID, RowChange> uncommitted = new LinkedHashMap<>();

    /**
     * A change of a row.
     *
     * @param before the earlier row; empty if it is new
     * @param after the present row; empty if it is gone
     */
    record RowChange(TableSchema table, UUID uuid, Optional<TableRow> before, Optional<TableRow> after) {}

    /** Creates tables without rows. The host's name is part of the rows' identifiers, so that those of two hosts differ. */
    Tables(String host) {
        this.host = host;
        Schema.TABLES.forEach(table -> rows.put(table, new LinkedHashMap<>()));
    }

    /** Puts a row with a value for every column of the table. */
    void put(TableSchema table, String key, Map<String, Datum> values) {
        check(table, values);
        Map<String, TableRow> ofTable = of(table);
        TableRow before = ofTable.get(key);
        if (before != null && before.holds(values)) {
            return;
        }
        UUID uuid = before != null ? before.uuid() : identifier(table.name(), key);
        Map<String, Datum> cells = new HashMap<>(values);
        cells.put(TableSchema.UUID, Datum.of(uuid));
        cells.put(TableSchema.VERSION, Datum.of(UUID.randomUUID()));
        TableRow after = new TableRow(uuid, cells);
        ofTable.put(key, after);
        changed(table, uuid, Optional.ofNullable(before), Optional.of(after));
    }

    /** Deletes a row, if it exists. */
    void delete(TableSchema table, String key) {
        TableRow before = of(table).remove(key);
        if (before != null) {
            changed(table, before.uuid(), Optional.of(before), Optional.empty());
        }
    }

    Optional<TableRow> row(TableSchema table, String key) {
        return Optional.ofNullable(of(table).get(key));
    }

    Set<String> keys(TableSchema table) {
        return Collections.unmodifiableSet(of(table).keySet());
    }

    Collection<TableRow> rows(TableSchema table) {
        return Collections.unmodifiableCollection(of(table).values());
    }

    /** Returns the changes since the last call, one for each row. */
    List<RowChange> commit() {
        List<RowChange> changes = List.copyOf(uncommitted.values());
        uncommitted.clear();
        return changes;
    }

    private void changed(TableSchema table, UUID uuid, Optional<TableRow> before, Optional<TableRow> after) {
        RowChange earlier = uncommitted.remove(uuid);
        RowChange change = new RowChange(table, uuid, earlier == null ? before : earlier.before(), after);
        if (change.before().isPresent() || change.after().isPresent()) {
            uncommitted.put(uuid, change);
        }
    }

    private Map<String, TableRow> of(TableSchema table) {
        Map<String, TableRow> ofTable = rows.get(table);
        if (ofTable == null) {
            throw new IllegalStateException("the schema has no table " + table.name());
        }
        return ofTable;
    }

    private static void check(TableSchema table, Map<String, Datum> values) {
        table.columns().forEach((column, type) -> {
            Datum value = values.get(column);
            if (!column.startsWith("_") && (value == null || !type.admits(value))) {
                throw new IllegalStateException(table.name() + "." + column + " cannot be " + value);
            }
        });
    }

    /** Returns a name-based identifier (RFC 9562 section 5.5), so that a row has the same one after a restart. */
    private UUID identifier(String table, String key) {
        try {
            byte[] name = (Schema.DATABASE + '\0' + host + '\0' + table + '\0' + key).getBytes(StandardCharsets.UTF_8);
            ByteBuffer digest =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-1").digest(name));
            long high = (digest.getLong() & ~0xf000L) | 0x5000L;
            long low = (digest.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
            return new UUID(high, low);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
