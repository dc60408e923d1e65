// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import io.vertx.core.json.JsonObject;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.opdbus.events.Bridge;
import org.opdbus.events.Port;
import org.opdbus.events.PortEvent;
import org.opdbus.verticles.jsonrpc.OvsdbValue;

/**
 * The present content of the monitored tables, and the bridges and ports that they describe. The
 * cost of an update depends on its size, not on the size of the tables. Not safe for use by several
 * threads.
 */
final class OvsdbCache {
    /**
     * Far more than a host has. Without a limit, a server that adds rows endlessly would fill the
     * heap.
     */
    private static final int ROWS_MAX = 50_000;

    private final Map<String, Map<String, Row>> tables = new HashMap<>();
    private final Map<String, String> bridgeOfPort = new HashMap<>();
    private final Map<String, String> portOfInterface = new HashMap<>();
    private final Map<String, Bridge> bridges = new HashMap<>();
    private final Map<String, Port> ports = new HashMap<>();

    /** The bridges and ports, by row, that an update affects. */
    private static final class Touched {
        final Set<String> bridges = new LinkedHashSet<>();
        final Set<String> ports = new LinkedHashSet<>();
    }

    OvsdbCache() {
        Column.MONITORED.keySet().forEach(table -> tables.put(table, new HashMap<>()));
    }

    /** Builds the cache from the answer to {@code monitor_cond}. */
    static OvsdbCache of(JsonObject listing) {
        OvsdbCache picture = new OvsdbCache();
        picture.apply(listing);
        return picture;
    }

    /** Applies the tables of an {@code update2} and returns the changes. */
    List<PortEvent> apply(JsonObject changes) {
        Touched touched = new Touched();
        for (String table : changes.fieldNames()) {
            JsonObject rows = changes.getJsonObject(table);
            for (String uuid : rows.fieldNames()) {
                fold(table, uuid, rows.getJsonObject(uuid), touched);
            }
        }
        Map<String, Bridge> bridgesBefore = pick(bridges, touched.bridges);
        Map<String, Port> portsBefore = pick(ports, touched.ports);
        touched.bridges.forEach(this::deriveBridge);
        touched.ports.forEach(this::derivePort);
        return Differences.between(
                bridgesBefore, pick(bridges, touched.bridges), portsBefore, pick(ports, touched.ports));
    }

    /** Returns the facts that lead from another cache's content to this content. */
    List<PortEvent> differencesFrom(OvsdbCache before) {
        return Differences.between(before.bridges, bridges, before.ports, ports);
    }

    /** Returns how many bridges and ports there are. */
    int size() {
        return bridges.size() + ports.size();
    }

    /**
     * Returns the single row of Open_vSwitch: which change ovs-vswitchd was asked for and which it
     * has done ({@code next_cfg}, {@code cur_cfg}).
     */
    Row openVSwitch() {
        return rows(Column.OPEN_VSWITCH).values().stream().findFirst().orElseGet(Row::new);
    }

    /** Returns the names of the mirrors that watch a port or send to it. */
    List<String> mirrorsOf(String portUuid) {
        return rows(Column.MIRROR).values().stream()
                .filter(mirror -> mirror.set("select_src_port").contains(portUuid)
                        || mirror.set("select_dst_port").contains(portUuid)
                        || mirror.string("output_port").equals(portUuid))
                .map(mirror -> mirror.string("name"))
                .toList();
    }

    /** Returns the bridges by row, as a view. */
    Map<String, Bridge> bridges() {
        return bridges;
    }

    /** Returns the ports by row, as a view. */
    Map<String, Port> ports() {
        return ports;
    }

    /** Returns the rows of a table, as a view. */
    Map<String, Row> rows(String table) {
        return Objects.requireNonNull(tables.get(table));
    }

    private void fold(String table, String uuid, JsonObject change, Touched touched) {
        if (!tables.containsKey(table)) {
            return;
        }
        if (change.containsKey("modify")) {
            modify(table, uuid, change.getJsonObject("modify"), touched);
            return;
        }
        Row old = rows(table).remove(uuid);
        if (old != null) {
            unlink(table, uuid, old, touched);
        }
        JsonObject json =
                change.containsKey("insert") ? change.getJsonObject("insert") : change.getJsonObject("initial");
        if (json != null) {
            Row row = Row.of(columns(table), json);
            rows(table).put(uuid, row);
            if (rows(table).size() > ROWS_MAX) {
                throw new IllegalArgumentException("the server reports more than " + ROWS_MAX + " rows of " + table);
            }
            link(table, uuid, row, touched);
        }
    }

    private void modify(String table, String uuid, JsonObject change, Touched touched) {
        Row row = rows(table).get(uuid);
        if (row == null) {
            throw new IllegalArgumentException(
                    "the server changed a row of " + table + " that it had not reported before: " + uuid);
        }
        row.modify(columns(table), change);
        // For a bridge with many ports, only the added and removed ones are affected.
        Object members = change.getValue(membersOf(table));
        for (Object member : OvsdbValue.atoms(members)) {
            relate(table, uuid, (String) member, row.set(membersOf(table)).contains(member), touched);
        }
        touch(table, uuid, touched);
    }

    private void link(String table, String uuid, Row row, Touched touched) {
        row.set(membersOf(table)).forEach(member -> relate(table, uuid, (String) member, true, touched));
        touch(table, uuid, touched);
    }

    private void unlink(String table, String uuid, Row row, Touched touched) {
        touch(table, uuid, touched);
        row.set(membersOf(table)).forEach(member -> relate(table, uuid, (String) member, false, touched));
    }

    private void relate(String table, String owner, String member, boolean belongs, Touched touched) {
        Map<String, String> owners = table.equals(Column.BRIDGE) ? bridgeOfPort : portOfInterface;
        if (belongs) {
            owners.put(member, owner);
        } else {
            owners.remove(member, owner);
        }
        touched.ports.add(table.equals(Column.BRIDGE) ? member : owner);
    }

    private void touch(String table, String uuid, Touched touched) {
        switch (table) {
            case Column.BRIDGE -> touched.bridges.add(uuid);
            case Column.PORT -> touched.ports.add(uuid);
            case Column.INTERFACE -> {
                String port = portOfInterface.get(uuid);
                if (port != null) {
                    touched.ports.add(port);
                }
            }
            default -> {}
        }
    }

    /**
     * Returns the column that lists the rows that a row of the table owns; a column that no table
     * has, if it owns none.
     */
    private static String membersOf(String table) {
        return switch (table) {
            case Column.BRIDGE -> "ports";
            case Column.PORT -> "interfaces";
            default -> "";
        };
    }

    private static List<Column> columns(String table) {
        return Objects.requireNonNull(Column.MONITORED.get(table));
    }

    private void deriveBridge(String uuid) {
        Row row = rows(Column.BRIDGE).get(uuid);
        if (row == null) {
            bridges.remove(uuid);
        } else {
            bridges.put(uuid, new Bridge(row.string("name"), row.string("datapath_type")));
        }
    }

    private void derivePort(String uuid) {
        Row row = rows(Column.PORT).get(uuid);
        String bridgeUuid = bridgeOfPort.get(uuid);
        Row bridge = bridgeUuid == null ? null : rows(Column.BRIDGE).get(bridgeUuid);
        if (row == null || bridge == null) {
            ports.remove(uuid);
            return;
        }
        // A bond has several interfaces. The agent never owns a bond, so any fixed choice is
        // correct.
        Row first = row.set("interfaces").stream()
                .map(String.class::cast)
                .min(Comparator.naturalOrder())
                .map(rows(Column.INTERFACE)::get)
                .orElseGet(Row::new);
        ports.put(
                uuid,
                new Port(
                        uuid,
                        row.string("name"),
                        bridge.string("name"),
                        row.optionalInt("tag"),
                        row.set("trunks").stream()
                                .map(vlan -> Math.toIntExact((Long) vlan))
                                .collect(Collectors.toSet()),
                        row.optionalString("vlan_mode"),
                        row.map("external_ids"),
                        first.string("type"),
                        first.optionalInt("ofport").orElse(0),
                        first.optionalString("error")));
    }

    private static <T> Map<String, T> pick(Map<String, T> all, Set<String> keys) {
        return keys.stream().filter(all::containsKey).collect(Collectors.toMap(Function.identity(), all::get));
    }
}
