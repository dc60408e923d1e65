// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.host;

import static org.opdbus.verticles.jsonrpc.OvsdbSelect.rows;

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
import org.opdbus.verticles.jsonrpc.OvsdbSelect;
import org.opdbus.verticles.jsonrpc.OvsdbValue;
import org.opdbus.verticles.uplink.plan.UplinkPicture.SwitchBridge;

/** Asks Open vSwitch's database for its bridges (ovs-vswitchd.conf.db(5)), with all that can forbid or change a move. */
public final class SwitchQuery {
    /** The database. */
    public static final String DATABASE = "Open_vSwitch";

    /** One transaction reads all tables, so that the rows belong together. */
    public static final String OPERATIONS = new JsonArray()
            .add(OvsdbSelect.all(
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
            .add(OvsdbSelect.all("Port", "_uuid", "name", "external_ids", "tag", "trunks", "vlan_mode"))
            .add(OvsdbSelect.all("Controller", "_uuid", "target"))
            .add(OvsdbSelect.all("Interface", "name", "mtu_request"))
            .encode();

    /** The mark of a move on the port that it attached. */
    static final String MOVED_BY = "op-dbus:uplink";
    /** The mark of a move on the bridge that it made. */
    static final String MADE_BY = "op-dbus:uplink-made";

    private static final String HWADDR = "hwaddr";
    private static final List<String> VLANS = List.of("tag", "trunks", "vlan_mode");

    private SwitchQuery() {}

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

    private static Map<String, JsonObject> byUuid(List<JsonObject> rows) {
        Map<String, JsonObject> byUuid = new HashMap<>();
        rows.forEach(row -> OvsdbValue.texts(row, "_uuid").forEach(uuid -> byUuid.put(uuid, row)));
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
                .filter(column -> !OvsdbValue.texts(port, column).isEmpty())
                .forEach(column -> columns.put(column, port.getValue(column)));
        String text = columns.encode();
        return columns.isEmpty() ? Optional.empty() : Optional.of(text.substring(1, text.length() - 1));
    }

    private static SwitchBridge bridge(JsonObject row, Referred referred) {
        String name = row.getString("name", "");
        List<String> names = new ArrayList<>();
        Map<String, String> marks = new TreeMap<>();
        Map<String, String> vlans = new TreeMap<>();
        for (String uuid : OvsdbValue.texts(row, "ports")) {
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
                OvsdbValue.texts(row, "fail_mode").stream().findFirst(),
                OvsdbValue.texts(row, "controller").stream()
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

    private static Map<String, String> map(JsonObject row, String column) {
        return OvsdbValue.stringMap(row.getValue(column));
    }
}
