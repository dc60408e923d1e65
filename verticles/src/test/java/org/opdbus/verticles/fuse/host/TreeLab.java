// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import io.reactivex.rxjava3.processors.PublishProcessor;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.edges.rows.DatabaseRows;
import org.opdbus.verticles.edges.rows.DatabaseRows.Standing;
import org.opdbus.verticles.edges.rows.RowColumns;
import org.opdbus.verticles.edges.rows.RowsChange;
import org.opdbus.verticles.edges.rows.RowsFeed;
import org.opdbus.verticles.edges.rows.StoredRow;
import org.opdbus.verticles.edges.rows.StoredValue;
import org.opdbus.verticles.edges.rows.TableRows;
import org.opdbus.verticles.fuse.tree.Node;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.InventoryChange;

/** A tree over rows and an inventory that a test makes up. Everything happens in the thread of the test. */
final class TreeLab {
    static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    final PublishProcessor<InventoryChange> inventoryNews = PublishProcessor.create();
    final HostTree tree;
    Instant now = START;

    private final BehaviorProcessor<DatabaseRows> rows =
            BehaviorProcessor.createDefault(new DatabaseRows(Map.of(), new Standing(false, START, "not yet")));
    private Inventory inventory = Inventory.of(HostFacts.atStart("here", "1", START));
    private int lastSerial;

    TreeLab() {
        this(Optional.empty());
    }

    TreeLab(Optional<Path> ledger) {
        tree = new HostTree(
                new HostTree.Sources(new Feed(), s -> inventoryNews, ledger, Optional.empty(), Optional.empty()),
                new Ticking());
        tree.open(Schedulers.trampoline());
    }

    private final class Feed implements RowsFeed {
        @Override
        public Disposable keep() {
            return Disposable.empty();
        }

        @Override
        public DatabaseRows current() {
            return Objects.requireNonNull(rows.getValue());
        }

        @Override
        public Flowable<RowsChange> changes(Scheduler reader) {
            DatabaseRows nothing = new DatabaseRows(Map.of(), current().standing());
            return rows.scan(new RowsChange(nothing, nothing), (last, next) -> new RowsChange(last.after(), next))
                    .skip(1);
        }
    }

    private final class Ticking extends Clock {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** Inserts a row or changes columns of it; the values are plain JSON. */
    StoredRow put(String table, String uuid, Map<String, String> values) {
        TableRows before = rows().table(table);
        Optional<StoredRow> old = before.row(uuid);
        Map<String, StoredValue> all = new TreeMap<>();
        old.ifPresent(row -> row.columns()
                .names()
                .forEach(name -> all.put(name, row.value(name).orElseThrow())));
        values.forEach((name, text) -> all.put(name, new StoredValue(text.getBytes(StandardCharsets.UTF_8), now)));
        RowColumns columns = before.columns().with(all.keySet());
        @Nullable StoredValue[] cells = new StoredValue[columns.names().size()];
        all.forEach((name, value) -> cells[columns.number(name).orElseThrow()] = value);
        StoredRow row = new StoredRow(old.map(StoredRow::serial).orElseGet(() -> ++lastSerial), uuid, columns, cells);
        TableRows after = TableRows.of(columns);
        for (StoredRow other : before.all()) {
            after = other.uuid().equals(uuid) ? after : after.with(other);
        }
        replace(table, after.with(row));
        return row;
    }

    void remove(String table, String uuid) {
        replace(table, rows().table(table).without(uuid));
    }

    void connected() {
        rows.onNext(new DatabaseRows(rows().tables(), new Standing(true, now, "")));
    }

    void lost(String reason) {
        rows.onNext(new DatabaseRows(rows().tables(), new Standing(false, now, reason)));
    }

    Inventory inventory() {
        return inventory;
    }

    void inventory(Inventory next) {
        Inventory before = inventory;
        inventory = next;
        inventoryNews.onNext(new InventoryChange(before, next));
    }

    /** Returns what a path leads to, with symbolic links in it followed. */
    Optional<Node> at(String path) {
        Optional<Node> node = tree.node(HostTree.ROOT);
        String folder = "";
        for (String name : path.split("/", -1)) {
            if (node.isEmpty() || !(node.get() instanceof Node.Folder within)) {
                return Optional.empty();
            }
            node = within.child(name);
            if (node.isPresent() && node.get() instanceof Node.SymbolicLink link && !path.endsWith("/" + name)) {
                node = at(Path.of(folder).resolve(link.target()).normalize().toString());
            }
            folder = Path.of(folder).resolve(name).toString();
        }
        return node;
    }

    String text(String path) {
        return new String(((Node.TextFile) at(path).orElseThrow()).content(), StandardCharsets.UTF_8);
    }

    String target(String path) {
        return ((Node.SymbolicLink) at(path).orElseThrow()).target();
    }

    /** Returns the entries of a folder, by name. */
    Map<String, Node> list(String path) {
        Node node = path.isEmpty() ? tree.node(HostTree.ROOT).orElseThrow() : at(path).orElseThrow();
        Map<String, Node> entries = new TreeMap<>();
        ((Node.Folder) node).forEach((name, entry) -> {
            if (entries.put(name, entry) != null) {
                throw new AssertionError("listed twice: " + name);
            }
        });
        return entries;
    }

    private DatabaseRows rows() {
        return Objects.requireNonNull(rows.getValue());
    }

    private void replace(String table, TableRows after) {
        Map<String, TableRows> tables = new HashMap<>(rows().tables());
        tables.put(table, after);
        rows.onNext(new DatabaseRows(tables, rows().standing()));
    }
}
