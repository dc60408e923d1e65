// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.opdbus.verticles.fuse.host.NodeNumber.Kind;

/** A table of the database that the tree shows. */
enum ShownTable {
    BRIDGES(0, "bridges", "Bridge", Kind.BRIDGE, Optional.of(Kind.BRIDGE_NAME)),
    PORTS(1, "ports", "Port", Kind.PORT, Optional.of(Kind.PORT_NAME)),
    INTERFACES(2, "interfaces", "Interface", Kind.INTERFACE, Optional.of(Kind.INTERFACE_NAME)),
    MIRRORS(3, "mirrors", "Mirror", Kind.MIRROR, Optional.empty());

    /** Those whose rows have names of their own. */
    static final List<ShownTable> NAMED =
            Stream.of(values()).filter(table -> table.nameKind.isPresent()).toList();

    /** The name of its folders. */
    final String folder;
    /** Its name in the database. */
    final String table;
    /** The kind of the nodes of its rows. */
    final Kind kind;
    /** The kind of the nodes of its rows' names; empty if names are not unique. */
    final Optional<Kind> nameKind;

    private final int place;

    ShownTable(int place, String folder, String table, Kind kind, Optional<Kind> nameKind) {
        this.place = place;
        this.folder = folder;
        this.table = table;
        this.kind = kind;
        this.nameKind = nameKind;
    }

    /** Returns the number of the folder of its rows. */
    int rowsFolder() {
        return FixedNode.ROWS_FIRST + place;
    }

    /** Returns the number of the folder of its names. */
    int namesFolder() {
        return FixedNode.NAMES_FIRST + place;
    }

    static Optional<ShownTable> ofDatabase(String table) {
        return Stream.of(values()).filter(shown -> shown.table.equals(table)).findFirst();
    }

    static Optional<ShownTable> ofFolder(String folder) {
        return Stream.of(values()).filter(shown -> shown.folder.equals(folder)).findFirst();
    }

    static Optional<ShownTable> ofKind(Kind kind) {
        return Stream.of(values()).filter(shown -> shown.kind == kind).findFirst();
    }

    static Optional<ShownTable> ofNameKind(Kind kind) {
        return NAMED.stream().filter(shown -> shown.nameKind.get() == kind).findFirst();
    }
}
