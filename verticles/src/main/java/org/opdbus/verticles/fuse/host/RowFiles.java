// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.edges.rows.StoredRow;
import org.opdbus.verticles.edges.rows.StoredValue;
import org.opdbus.verticles.edges.rows.TableRows;
import org.opdbus.verticles.fuse.host.NodeNumber.Kind;
import org.opdbus.verticles.fuse.tree.Node;
import org.opdbus.verticles.fuse.tree.Node.SymbolicLink;

/** The folders of rows ({@code by-uuid}) and of their names ({@code by-name}). */
final class RowFiles {
    static final String WHOLE = "row.json";
    private static final String UUID = "_uuid";

    private RowFiles() {}

    /** Returns the folder of a table's rows. */
    static Node.Folder rows(HostPicture picture, ShownTable shown) {
        TableRows table = picture.table(shown);
        return new ListedFolder(
                shown.rowsFolder(),
                picture.times().of(shown.rowsFolder()),
                table.size(),
                () -> table.all().stream().map(StoredRow::uuid).toList(),
                uuid -> table.row(uuid).map(row -> folder(shown, row)));
    }

    /** Returns the folder of a table's names. */
    static Node.Folder names(HostPicture picture, ShownTable shown) {
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
    static Optional<Node> part(HostPicture picture, ShownTable shown, NodeNumber number) {
        return picture.table(shown).row(number.object()).flatMap(row -> part(shown, row, number.part()));
    }

    /** Returns the node of a row's name. */
    static Optional<Node> name(HostPicture picture, ShownTable shown, NodeNumber number) {
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

    private static Optional<Node> part(ShownTable shown, StoredRow row, int part) {
        return switch (part) {
            case NodeNumber.FOLDER -> Optional.of(folder(shown, row));
            case NodeNumber.WHOLE -> Optional.of(whole(shown, row));
            case NodeNumber.UUID -> Optional.of(uuid(shown, row));
            default -> column(shown, row, part - NodeNumber.FIRST_COLUMN);
        };
    }

    private static Node.Folder folder(ShownTable shown, StoredRow row) {
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
                    case WHOLE -> Optional.of(whole(shown, row));
                    case UUID -> Optional.of(uuid(shown, row));
                    default -> column(shown, row, row.columns().number(name).orElse(-1));
                });
    }

    private static Node.TextFile uuid(ShownTable shown, StoredRow row) {
        return PlainFile.line(
                NodeNumber.part(shown.kind, row.serial(), NodeNumber.UUID), row.appeared(), '"' + row.uuid() + '"');
    }

    private static Optional<Node> column(ShownTable shown, StoredRow row, int column) {
        return row.value(column).map(value -> new ColumnFile(columnId(shown, row, column), value));
    }

    static long columnId(ShownTable shown, StoredRow row, int column) {
        return NodeNumber.part(shown.kind, row.serial(), NodeNumber.FIRST_COLUMN + column);
    }

    private static Node.TextFile whole(ShownTable shown, StoredRow row) {
        return new RowFile(wholeId(shown, row), row);
    }

    static long wholeId(ShownTable shown, StoredRow row) {
        return NodeNumber.part(shown.kind, row.serial(), NodeNumber.WHOLE);
    }

    /** The value of a column and a newline. */
    private record ColumnFile(long id, StoredValue value) implements Node.TextFile {
        @Override
        public Instant modified() {
            return value.changed();
        }

        @Override
        public long size() {
            return value.size() + 1L;
        }

        @Override
        public byte[] content() {
            Buffer content = Buffer.buffer(value.size() + 1);
            value.appendTo(content);
            return content.appendByte((byte) '\n').getBytes();
        }
    }

    /** All columns as one object. The names of columns are identifiers, so they need no escapes. */
    private record RowFile(long id, StoredRow row) implements Node.TextFile {
        @Override
        public Instant modified() {
            return row.changed();
        }

        @Override
        public long size() {
            // {"_uuid":"…"} and the newline, and for each column ,"name":value
            long size = UUID.length() + row.uuid().length() + 8L;
            List<String> names = row.columns().names();
            for (int i = 0; i < names.size(); i++) {
                Optional<StoredValue> value = row.value(i);
                size += value.isPresent()
                        ? names.get(i).length() + 4L + value.get().size()
                        : 0;
            }
            return size;
        }

        @Override
        public byte[] content() {
            Buffer content = Buffer.buffer((int) size());
            content.appendString("{\"" + UUID + "\":\"" + row.uuid() + '"');
            List<String> names = row.columns().names();
            for (int i = 0; i < names.size(); i++) {
                Optional<StoredValue> value = row.value(i);
                if (value.isPresent()) {
                    content.appendString(",\"" + names.get(i) + "\":");
                    value.get().appendTo(content);
                }
            }
            return content.appendString("}\n").getBytes();
        }
    }
}
