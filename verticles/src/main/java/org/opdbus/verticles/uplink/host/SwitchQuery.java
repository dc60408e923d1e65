// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.host;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.uplink.plan.UplinkPicture.SwitchBridge;

/** Asks Open vSwitch's database for its bridges (ovs-vswitchd.conf.db(5)), with all that can forbid or change a move. */
public final class SwitchQuery {
    /** The database. */
    public static final String DATABASE = "Open_vSwitch";

    /** One transaction reads all tables, so that the rows belong together. */
    public static final String OPERATIONS = new JsonArray()
            .add(select(
                    "Bridge",
                    "name",
                    "datapath_type",
                    "fail_mode",
                    "controller",
                    "stp_enable",
                    "rstp_enable",
                    "other_config",
                    "external_ids",
                    "ports"))
            .add(select("Port", "_uuid", "name", "external_ids", "tag", "trunks", "vlan_mode"))
            .add(select("Controller", "_uuid", "target"))
            .add(select("Interface", "name", "mtu_request"))
            .encode();

    /** The mark of a move on the port that it attached. */
    static final String MOVED_BY = "op-dbus:uplink";
    /** The mark of a move on the bridge that it made. */
    static final String MADE_BY = "op-dbus:uplink-made";

    private static final String HWADDR = "hwaddr";
    private static final List<String> VLANS = List.of("tag", "trunks", "vlan_mode");

    private SwitchQuery() {}

    private static JsonObject select(String table, String... columns) {
        return new JsonObject()
                .put("op", "select")
                .put("table", table)
                .put("where", new JsonArray())
                .put("columns", new JsonArray(List.of(columns)));
    }

    /**
     * Reads the results of {@link #OPERATIONS}.
     *
     * @throws IllegalArgumentException if the text is not that
     */
    public static List<SwitchBridge> read(String results) {
        try {
            JsonArray all = new JsonArray(results);
            Map<String, JsonObject> ports = byUuid(rows(all, 1));
            Map<String, JsonObject> controllers = byUuid(rows(all, 2));
            Map<String, Long> mtus = mtus(rows(all, 3));
            return rows(all, 0).stream()
                    .map(row -> bridge(row, new Referred(ports, controllers, mtus)))
                    .sorted(Comparator.comparing(SwitchBridge::name))
                    .toList();
        } catch (DecodeException | ClassCastException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("not the rows that were asked for: " + e.getMessage(), e);
        }
    }

    private static List<JsonObject> rows(JsonArray results, int operation) {
        JsonObject result = results.getJsonObject(operation);
        if (result == null || result.getJsonArray("rows") == null) {
            throw new IllegalArgumentException("the database refused to list: " + results.encode());
        }
        List<JsonObject> rows = new ArrayList<>();
        result.getJsonArray("rows").forEach(row -> rows.add((JsonObject) row));
        return rows;
    }

    private static Map<String, JsonObject> byUuid(List<JsonObject> rows) {
        Map<String, JsonObject> byUuid = new HashMap<>();
        rows.forEach(row -> set(row, "_uuid").forEach(uuid -> byUuid.put(uuid, row)));
        return byUuid;
    }

    /** What rows of bridges refer to: ports and controllers by their identifiers, and requested MTUs by the names of links. */
    private record Referred(
            Map<String, JsonObject> ports, Map<String, JsonObject> controllers, Map<String, Long> mtus) {}

    private static Map<String, Long> mtus(List<JsonObject> interfaces) {
        Map<String, Long> mtus = new HashMap<>();
        interfaces.stream()
                .filter(row -> row.getValue("mtu_request") instanceof Number)
                .forEach(row -> mtus.put(row.getString("name", ""), row.getLong("mtu_request")));
        return mtus;
    }

    /** Returns the columns that say the VLANs of a port, as members of an object; empty if all are empty. */
    private static Optional<String> vlans(JsonObject port) {
        JsonObject columns = new JsonObject();
        VLANS.stream()
                .filter(column -> !set(port, column).isEmpty())
                .forEach(column -> columns.put(column, port.getValue(column)));
        String text = columns.encode();
        return columns.isEmpty() ? Optional.empty() : Optional.of(text.substring(1, text.length() - 1));
    }

    private static SwitchBridge bridge(JsonObject row, Referred referred) {
        String name = row.getString("name", "");
        List<String> names = new ArrayList<>();
        Map<String, String> marks = new TreeMap<>();
        Map<String, String> vlans = new TreeMap<>();
        for (String uuid : set(row, "ports")) {
            JsonObject port = referred.ports().getOrDefault(uuid, new JsonObject());
            String portName = port.getString("name", uuid);
            names.add(portName);
            Optional.ofNullable(map(port, "external_ids").get(MOVED_BY)).ifPresent(move -> marks.put(portName, move));
            vlans(port).ifPresent(columns -> vlans.put(portName, columns));
        }
        names.remove(name);
        return new SwitchBridge(
                name,
                row.getString("datapath_type", ""),
                set(row, "fail_mode").stream().findFirst(),
                set(row, "controller").stream()
                        .map(uuid -> referred.controllers()
                                .getOrDefault(uuid, new JsonObject())
                                .getString("target", uuid))
                        .sorted()
                        .toList(),
                row.getBoolean("stp_enable", false) || row.getBoolean("rstp_enable", false),
                Optional.ofNullable(map(row, "other_config").get(HWADDR)),
                names.stream().sorted().toList(),
                marks,
                Optional.ofNullable(map(row, "external_ids").get(MADE_BY)),
                Optional.ofNullable(referred.mtus().get(name)),
                vlans);
    }

    /** A set of one element may be written without its array; the identifier of a row is an array, too (RFC 7047 section 5.1). */
    private static List<String> set(JsonObject row, String column) {
        @Nullable Object value = row.getValue(column);
        if (value instanceof JsonArray array && "set".equals(array.getValue(0))) {
            return array.getJsonArray(1).stream().map(SwitchQuery::atom).toList();
        }
        return value == null ? List.of() : List.of(atom(value));
    }

    private static String atom(Object value) {
        return value instanceof JsonArray identifier ? identifier.getString(1) : String.valueOf(value);
    }

    private static Map<String, String> map(JsonObject row, String column) {
        Map<String, String> map = new TreeMap<>();
        JsonArray written = row.getJsonArray(column, new JsonArray());
        if (written.size() == 2) {
            written.getJsonArray(1).forEach(each -> {
                JsonArray pair = (JsonArray) each;
                map.put(pair.getString(0), pair.getString(1));
            });
        }
        return map;
    }
}
