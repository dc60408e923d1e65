// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
            .add(select("Bridge", new JsonArray(), "name", "fail_mode", "controller", "mirrors"))
            .add(select(
                    "Mirror",
                    new JsonArray(),
                    "_uuid",
                    "name",
                    "select_all",
                    "select_src_port",
                    "select_dst_port",
                    "select_vlan",
                    "output_port",
                    "output_vlan"))
            .add(select("Controller", new JsonArray(), "_uuid", "target", "is_connected", "role"))
            .add(select(
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

    private static JsonObject select(String table, JsonArray where, String... columns) {
        return new JsonObject()
                .put("op", "select")
                .put("table", table)
                .put("where", where)
                .put("columns", new JsonArray(List.of(columns)));
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
            rows(all, 3).forEach(row -> ids.put(one(row, "name").orElse(""), map(row)));
            return new SwitchRows(bridges, ids);
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

    /** A set of one element may be written without its array; the identifier of a row is an array, too (RFC 7047 section 5.1). */
    private static List<String> set(JsonObject row, String column) {
        @Nullable Object value = row.getValue(column);
        if (value instanceof JsonArray array && "set".equals(array.getValue(0))) {
            return array.getJsonArray(1).stream().map(SwitchRows::atom).sorted().toList();
        }
        return value == null ? List.of() : List.of(atom(value));
    }

    private static String atom(Object value) {
        return value instanceof JsonArray identifier ? identifier.getString(1) : String.valueOf(value);
    }

    private static Map<String, String> map(JsonObject row) {
        Map<String, String> map = new TreeMap<>();
        row.getJsonArray("external_ids").getJsonArray(1).forEach(each -> {
            JsonArray pair = (JsonArray) each;
            map.put(pair.getString(0), pair.getString(1));
        });
        return new LinkedHashMap<>(map);
    }
}
