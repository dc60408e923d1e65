// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.opdbus.verticles.edges.rows.StoredRow;
import org.opdbus.verticles.edges.rows.StoredValue;
import org.opdbus.verticles.edges.rows.TableRows;
import org.opdbus.verticles.fuse.host.NodeNumber.Kind;
import org.opdbus.verticles.fuse.tree.Node;
import org.opdbus.verticles.fuse.tree.Node.SymbolicLink;
import org.opdbus.verticles.fuse.tree.WritableFile.Takes;
import org.opdbus.verticles.fuse.write.Writes;

/** The folders of rows ({@code by-uuid}) and of their names ({@code by-name}). */
final class RowFiles {
    /** Far more than a column that can be written needs. */
    private static final int COLUMN_BYTES_MAX = 64 << 10;

    /** How long a writer waits for his change to show, which Open vSwitch's database has made already. */
    private static final long SHOWN_LIMIT_MS = 2_000;

    static final String WHOLE = "row.json";
    static final String UUID = "_uuid";

    private final Optional<Writes> writes;
    private final Flowable<HostPicture> pictures;

    /**
     * Creates the folders.
     *
     * @param writes carries out what is written; empty if nothing can be written
     * @param pictures emits what the tree shows, from the present on
     */
    RowFiles(Optional<Writes> writes, Flowable<HostPicture> pictures) {
        this.writes = writes;
        this.pictures = pictures;
    }

    /** Returns the folder {@code by-uuid}. */
    Node.Folder byUuid(HostPicture picture) {
        return tables(picture, FixedNode.BY_UUID, List.of(ShownTable.values()), this::rows);
    }

    /** Returns the folder {@code by-name}. */
    Node.Folder byName(HostPicture picture) {
        return tables(picture, FixedNode.BY_NAME, ShownTable.NAMED, this::names);
    }

    private static Node.Folder tables(
            HostPicture picture,
            int id,
            List<ShownTable> tables,
            BiFunction<HostPicture, ShownTable, Node.Folder> folder) {
        return new ListedFolder(
                id,
                picture.times().begin(),
                tables.size(),
                () -> tables.stream().map(shown -> shown.folder).toList(),
                name -> ShownTable.ofFolder(name).filter(tables::contains).map(shown -> folder.apply(picture, shown)));
    }

    /** Returns the folder of a table's rows. */
    Node.Folder rows(HostPicture picture, ShownTable shown) {
        TableRows table = picture.table(shown);
        return new ListedFolder(
                shown.rowsFolder(),
                picture.times().of(shown.rowsFolder()),
                table.size(),
                () -> table.all().stream().map(StoredRow::uuid).toList(),
                uuid -> table.row(uuid).map(row -> folder(picture, shown, row)));
    }

    /** Returns the folder of a table's names. */
    Node.Folder names(HostPicture picture, ShownTable shown) {
        TableRows table = picture.table(shown);
        return new ListedFolder(
                shown.namesFolder(),
                picture.times().of(shown.namesFolder()),
                0,
                () -> table.names().stream()
                        .flatMap(name -> FileName.of(name).stream())
                        .toList(),
                file -> FileName.nameOf(file).flatMap(table::named).map(row -> name(shown, row)));
    }

    /** Returns the node of a part of a row. */
    Optional<Node> part(HostPicture picture, ShownTable shown, NodeNumber number) {
        return picture.table(shown).row(number.object()).flatMap(row -> switch (number.part()) {
            case NodeNumber.FOLDER -> Optional.of(folder(picture, shown, row));
            case NodeNumber.WHOLE -> Optional.of(new RowFile(wholeId(shown, row), row));
            case NodeNumber.UUID -> Optional.of(uuid(shown, row));
            default -> column(picture, shown, row, number.part() - NodeNumber.FIRST_COLUMN);
        });
    }

    /** Returns the node of a row's name. */
    Optional<Node> name(HostPicture picture, ShownTable shown, NodeNumber number) {
        TableRows table = picture.table(shown);
        return table.row((int) number.value())
                .filter(row -> row.name().flatMap(table::named).equals(Optional.of(row)))
                .map(row -> name(shown, row));
    }

    private static SymbolicLink name(ShownTable shown, StoredRow row) {
        Instant modified = row.value("name").map(StoredValue::changed).orElse(Instant.EPOCH);
        return new SymbolicLink(nameId(shown, row), modified, "../../by-uuid/" + shown.folder + "/" + row.uuid());
    }

    static long nameId(ShownTable shown, StoredRow row) {
        return NodeNumber.id(shown.nameKind.orElse(Kind.FIXED), row.serial());
    }

    static long folderId(ShownTable shown, StoredRow row) {
        return NodeNumber.part(shown.kind, row.serial(), NodeNumber.FOLDER);
    }

    private Node.Folder folder(HostPicture picture, ShownTable shown, StoredRow row) {
        return new ListedFolder(
                folderId(shown, row),
                row.appeared(),
                0,
                () -> {
                    List<String> names = new ArrayList<>(row.columns().names());
                    names.add(WHOLE);
                    names.add(UUID);
                    return names;
                },
                name -> switch (name) {
                    case WHOLE -> Optional.of(new RowFile(wholeId(shown, row), row));
                    case UUID -> Optional.of(uuid(shown, row));
                    default ->
                        column(picture, shown, row, row.columns().number(name).orElse(-1));
                });
    }

    private static Node.TextFile uuid(ShownTable shown, StoredRow row) {
        return PlainFile.line(
                NodeNumber.part(shown.kind, row.serial(), NodeNumber.UUID), row.appeared(), '"' + row.uuid() + '"');
    }

    private Optional<Node> column(HostPicture picture, ShownTable shown, StoredRow row, int column) {
        Optional<ColumnFile> file = row.value(column).map(value -> new ColumnFile(columnId(shown, row, column), value));
        if (file.isEmpty() || writes.isEmpty()) {
            return file.map(Function.identity());
        }
        String name = row.columns().names().get(column);
        if (!Writes.isWritable(shown.table, name)) {
            return file.map(Function.identity());
        }
        Optional<StoredRow> port = switch (shown) {
            case PORTS -> Optional.of(row);
            case INTERFACES -> row.name().flatMap(picture.table(ShownTable.PORTS)::named);
            case BRIDGES, MIRRORS -> Optional.empty();
        };
        Writes.Column seen = new Writes.Column(shown.table, shown.folder, row, port, name, replaced(shown, row, name));
        return Optional.of(new WritableNode(
                file.get(),
                Takes.EACH_WRITE,
                COLUMN_BYTES_MAX,
                (content, writer) -> writes.get().column(seen, content, writer)));
    }

    /** Completes when the tree no longer shows this value, so who reads the file after a write(2) finds what was written. */
    private Completable replaced(ShownTable shown, StoredRow row, String column) {
        Optional<Object> before = row.value(column).map(StoredValue::value);
        return pictures.filter(picture -> !picture.table(shown)
                        .row(row.uuid())
                        .flatMap(now -> now.value(column))
                        .map(StoredValue::value)
                        .equals(before))
                .firstElement()
                .ignoreElement()
                .timeout(SHOWN_LIMIT_MS, TimeUnit.MILLISECONDS)
                // The change is made; the tree is late, and its file .stale says why.
                .onErrorComplete();
    }

    static long columnId(ShownTable shown, StoredRow row, int column) {
        return NodeNumber.part(shown.kind, row.serial(), NodeNumber.FIRST_COLUMN + column);
    }

    static long wholeId(ShownTable shown, StoredRow row) {
        return NodeNumber.part(shown.kind, row.serial(), NodeNumber.WHOLE);
    }
}
