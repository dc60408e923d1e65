// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import org.opdbus.events.ContainerId.Kind;

/** The database's schema ({@code <database-schema>}, RFC 7047 section 3.2). docs/NONNET.md explains the columns. */
final class Schema {
    static final String DATABASE = "OpNonNet";

    /** A new column or table raises the second number. A column that changes or goes raises the first. */
    static final String VERSION = "1.3.0";

    static final TableSchema LXC = new Columns()
            .with("id", ColumnType.STRING)
            .with("veth", ColumnType.STRING)
            .with("bridge", ColumnType.STRING)
            .with("running", ColumnType.BOOLEAN)
            .with("properties", ColumnType.STRING_MAP)
            .with("state", ColumnType.STRING)
            .with("since", ColumnType.STRING)
            .with("host", ColumnType.STRING)
            .with("error", ColumnType.OPTIONAL_STRING)
            .table("lxc", "host", "id");

    /** Containers of Docker and of Podman, which have the same columns: a reader that wants both follows one table. */
    static final TableSchema DOCKER = new Columns()
            .with("id", ColumnType.STRING)
            .with("engine", ColumnType.STRING)
            .with("name", ColumnType.STRING)
            .with("image", ColumnType.STRING)
            .with("network", ColumnType.STRING)
            .with("role", ColumnType.OPTIONAL_STRING)
            .with("label_faults", ColumnType.STRINGS)
            .with("veth", ColumnType.STRING)
            .with("bridge", ColumnType.STRING)
            .with("running", ColumnType.BOOLEAN)
            .with("properties", ColumnType.STRING_MAP)
            .with("state", ColumnType.STRING)
            .with("since", ColumnType.STRING)
            .with("host", ColumnType.STRING)
            .with("error", ColumnType.OPTIONAL_STRING)
            .table("docker", "host", "id");

    static final TableSchema VM = new Columns()
            .with("id", ColumnType.STRING)
            .with("name", ColumnType.STRING)
            .with("taps", ColumnType.STRINGS)
            .with("bridge", ColumnType.STRING)
            .with("running", ColumnType.BOOLEAN)
            .with("properties", ColumnType.STRING_MAP)
            .with("state", ColumnType.STRING)
            .with("since", ColumnType.STRING)
            .with("host", ColumnType.STRING)
            .with("error", ColumnType.OPTIONAL_STRING)
            .table("vm", "host", "id");

    static final TableSchema LINK = new Columns()
            .with("index", ColumnType.INTEGER)
            .with("name", ColumnType.STRING)
            .with("alt_names", ColumnType.STRINGS)
            .with("kind", ColumnType.STRING)
            .with("mac", ColumnType.OPTIONAL_STRING)
            .with("peer_index", ColumnType.OPTIONAL_INTEGER)
            .with("peer_namespace", ColumnType.OPTIONAL_INTEGER)
            .with("master", ColumnType.OPTIONAL_INTEGER)
            .with("up", ColumnType.BOOLEAN)
            .with("carrier", ColumnType.BOOLEAN)
            .table("link", "index");

    static final TableSchema PORT = new Columns()
            .with("name", ColumnType.STRING)
            .with("bridge", ColumnType.STRING)
            .with("tag", ColumnType.OPTIONAL_INTEGER)
            .with("trunks", ColumnType.INTEGERS)
            .with("vlan_mode", ColumnType.OPTIONAL_STRING)
            .with("external_ids", ColumnType.STRING_MAP)
            .with("ofport", ColumnType.OPTIONAL_INTEGER)
            .with("error", ColumnType.OPTIONAL_STRING)
            .with("type", ColumnType.STRING)
            .table("port");

    static final TableSchema BRIDGE = new Columns()
            .with("name", ColumnType.STRING)
            .with("datapath_type", ColumnType.STRING)
            .table("bridge", "name");

    static final TableSchema ENROLLMENT = new Columns()
            .with("enrollment", ColumnType.STRING)
            .with("container", ColumnType.STRING)
            .with("link", ColumnType.STRING)
            .with("bridge", ColumnType.STRING)
            .with("vlan", ColumnType.OPTIONAL_INTEGER)
            .with("mac", ColumnType.OPTIONAL_STRING)
            .with("ofport", ColumnType.INTEGER)
            .with("since", ColumnType.STRING)
            .with("height", ColumnType.OPTIONAL_INTEGER)
            .table("enrollment", "enrollment");

    static final TableSchema HOST = new Columns()
            .with("name", ColumnType.STRING)
            .with("version", ColumnType.STRING)
            .with("started", ColumnType.STRING)
            .with("sources", ColumnType.STRING_MAP)
            .with("ledger_height", ColumnType.OPTIONAL_INTEGER)
            .with("ledger_hash", ColumnType.OPTIONAL_STRING)
            .with("ledger_error", ColumnType.OPTIONAL_STRING)
            .with("state", ColumnType.STRING)
            .with("last_seen", ColumnType.OPTIONAL_STRING)
            .table("host", "name");

    static final TableSchema LAB = new Columns()
            .with("name", ColumnType.STRING)
            .with("namespace", ColumnType.STRING)
            .with("running", ColumnType.BOOLEAN)
            .with("settled", ColumnType.BOOLEAN)
            .with("items", ColumnType.INTEGER)
            .with("trouble", ColumnType.STRING_MAP)
            .table("lab", "name");

    static final TableSchema LAN = new Columns()
            .with("lab", ColumnType.STRING)
            .with("name", ColumnType.STRING)
            .with("bridge", ColumnType.STRING)
            .with("live", ColumnType.BOOLEAN)
            .with("endpoints", ColumnType.INTEGER)
            .with("spied", ColumnType.INTEGER)
            .table("lan", "lab", "name");

    static final TableSchema ENDPOINT = new Columns()
            .with("lab", ColumnType.STRING)
            .with("name", ColumnType.STRING)
            .with("item", ColumnType.STRING)
            .with("kind", ColumnType.STRING)
            .with("state", ColumnType.STRING)
            .with("number", ColumnType.INTEGER)
            .with("lan", ColumnType.OPTIONAL_STRING)
            .with("tag", ColumnType.OPTIONAL_INTEGER)
            .with("trunks", ColumnType.INTEGERS)
            .with("spied", ColumnType.BOOLEAN)
            .with("mac", ColumnType.OPTIONAL_STRING)
            .with("ofport", ColumnType.OPTIONAL_INTEGER)
            .with("error", ColumnType.OPTIONAL_STRING)
            .table("endpoint", "lab", "name");

    static final List<TableSchema> TABLES =
            List.of(LXC, DOCKER, VM, LINK, PORT, BRIDGE, ENROLLMENT, HOST, LAB, LAN, ENDPOINT);

    private static final class Columns {
        private final Map<String, ColumnType> columns = new LinkedHashMap<>();

        Columns with(String name, ColumnType type) {
            columns.put(name, type);
            return this;
        }

        TableSchema table(String name, String... index) {
            return new TableSchema(name, List.of(index), columns);
        }
    }

    private Schema() {}

    static Optional<TableSchema> table(String name) {
        return TABLES.stream().filter(table -> table.name().equals(name)).findFirst();
    }

    /** Returns the table of the workloads of this kind. */
    static TableSchema of(Kind kind) {
        return switch (kind) {
            case LXC -> LXC;
            case DOCKER, PODMAN -> DOCKER;
            case VM -> VM;
        };
    }

    static JsonObject toJson() {
        JsonObject tables = new JsonObject();
        TABLES.forEach(table -> tables.put(table.name(), table.toJson()));
        JsonObject schema =
                new JsonObject().put("name", DATABASE).put("version", VERSION).put("tables", tables);
        byte[] text = schema.encode().getBytes(StandardCharsets.UTF_8);
        CRC32 checksum = new CRC32();
        checksum.update(text);
        return schema.put("cksum", checksum.getValue() + " " + text.length);
    }
}
