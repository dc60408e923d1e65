// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect;

import static org.opdbus.verticles.jsonrpc.OvsdbSelect.rows;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.opdbus.verticles.jsonrpc.OvsdbSelect;
import org.opdbus.verticles.jsonrpc.OvsdbValue;

/**
 * What Open vSwitch's database says beyond the ports and bridges that the inventory has (ovs-vswitchd.conf.db(5)).
 *
 * @param bridges by name
 * @param interfaceIds the {@code external_ids} of the interfaces that have some, by name
 */
record SwitchRows(Map<String, BridgeRow> bridges, Map<String, Map<String, String>> interfaceIds) {
    /** Nothing is known. */
    static final SwitchRows NONE = new SwitchRows(Map.of(), Map.of());

    /** One transaction reads all tables, so that the rows belong together. */
    static final String OPERATIONS = new JsonArray()
            .add(OvsdbSelect.all("Bridge", "name", "fail_mode", "controller", "mirrors"))
            .add(OvsdbSelect.all(
                    "Mirror",
                    "_uuid",
                    "name",
                    "select_all",
                    "select_src_port",
                    "select_dst_port",
                    "select_vlan",
                    "output_port",
                    "output_vlan"))
            .add(OvsdbSelect.all("Controller", "_uuid", "target", "is_connected", "role"))
            .add(OvsdbSelect.where(
                    "Interface",
                    JsonArray.of(JsonArray.of("external_ids", "!=", JsonArray.of("map", new JsonArray()))),
                    "name",
                    "external_ids"))
            .encode();

    SwitchRows {
        bridges = Map.copyOf(bridges);
        interfaceIds = Map.copyOf(interfaceIds);
    }

    /** A bridge. */
    record BridgeRow(Optional<String> failMode, List<Controller> controllers, List<Mirror> mirrors) {
        BridgeRow {
            controllers = List.copyOf(controllers);
            mirrors = List.copyOf(mirrors);
        }
    }

    /**
     * A controller of a bridge.
     *
     * @param target its address, such as {@code tcp:192.0.2.1:6653}
     */
    public record Controller(String target, boolean isConnected, Optional<String> role) {}

    /**
     * A mirror of a bridge. The ports are the identifiers of their rows.
     *
     * @param selectsAll whether it copies the packets of every port
     */
    public record Mirror(
            String name,
            boolean selectsAll,
            List<String> sourcePorts,
            List<String> destinationPorts,
            List<String> vlans,
            Optional<String> outputPort,
            Optional<String> outputVlan) {
        public Mirror {
            sourcePorts = List.copyOf(sourcePorts);
            destinationPorts = List.copyOf(destinationPorts);
            vlans = List.copyOf(vlans);
        }
    }

    /**
     * Reads the results of {@link #OPERATIONS}.
     *
     * @throws IllegalArgumentException if the text is not that
     */
    static SwitchRows of(String results) {
        try {
            JsonArray all = new JsonArray(results);
            Map<String, Mirror> mirrors = new HashMap<>();
            rows(all, 1).forEach(row -> mirrors.put(one(row, "_uuid").orElse(""), mirror(row)));
            Map<String, Controller> controllers = new HashMap<>();
            rows(all, 2).forEach(row -> controllers.put(one(row, "_uuid").orElse(""), controller(row)));
            Map<String, BridgeRow> bridges = new HashMap<>();
            rows(all, 0).forEach(row -> bridges.put(one(row, "name").orElse(""), bridge(row, controllers, mirrors)));
            Map<String, Map<String, String>> ids = new HashMap<>();
            rows(all, 3).forEach(row -> ids.put(one(row, "name").orElse(""), ids(row)));
            return new SwitchRows(bridges, ids);
        } catch (DecodeException | ClassCastException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("not the rows that were asked for: " + e.getMessage(), e);
        }
    }

    private static BridgeRow bridge(JsonObject row, Map<String, Controller> controllers, Map<String, Mirror> mirrors) {
        return new BridgeRow(
                one(row, "fail_mode"),
                named(row, "controller", controllers, Comparator.comparing(Controller::target)),
                named(row, "mirrors", mirrors, Comparator.comparing(Mirror::name)));
    }

    private static <T> List<T> named(JsonObject row, String column, Map<String, T> known, Comparator<T> order) {
        return set(row, column).stream()
                .filter(known::containsKey)
                .map(uuid -> known.get(uuid))
                .sorted(order)
                .toList();
    }

    private static Mirror mirror(JsonObject row) {
        return new Mirror(
                one(row, "name").orElse(""),
                row.getBoolean("select_all", false),
                set(row, "select_src_port"),
                set(row, "select_dst_port"),
                set(row, "select_vlan"),
                one(row, "output_port"),
                one(row, "output_vlan"));
    }

    private static Controller controller(JsonObject row) {
        return new Controller(one(row, "target").orElse(""), row.getBoolean("is_connected", false), one(row, "role"));
    }

    private static Optional<String> one(JsonObject row, String column) {
        return set(row, column).stream().findFirst();
    }

    private static Map<String, String> ids(JsonObject row) {
        return new TreeMap<>(OvsdbValue.stringMap(row.getValue("external_ids")));
    }

    private static List<String> set(JsonObject row, String column) {
        return OvsdbValue.texts(row, column).stream().sorted().toList();
    }
}
