// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import static org.opdbus.verticles.ovsdb.Column.BRIDGE;
import static org.opdbus.verticles.ovsdb.Column.INTERFACE;
import static org.opdbus.verticles.ovsdb.Column.OPEN_VSWITCH;
import static org.opdbus.verticles.ovsdb.Column.PORT;
import static org.opdbus.verticles.ovsdb.Transaction.whereUuid;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.opdbus.events.Bridge;
import org.opdbus.verticles.jsonrpc.OvsdbValue;
import org.opdbus.verticles.ovsdb.OvsdbException.Reason;
import org.opdbus.verticles.ovsdb.Survey.SeenInterface;
import org.opdbus.verticles.ovsdb.Survey.SeenPort;

/** Writes the transactions of {@link OvsdbVisit} and parses their answers. */
final class SurveyReader {
    private static final String ID = "_uuid";

    private SurveyReader() {}

    /** Selects everything in one transaction, so that it is the state of one moment. */
    static Transaction question() {
        Transaction transaction = new Transaction();
        transaction.select(BRIDGE, new JsonArray(), "name", "datapath_type", "ports");
        transaction.select(PORT, new JsonArray(), ID, "name", "interfaces", "external_ids");
        transaction.select(INTERFACE, new JsonArray(), ID, "name", "type", "ofport", "error");
        transaction.select(OPEN_VSWITCH, new JsonArray(), "next_cfg", "cur_cfg", "ovs_version");
        return transaction;
    }

    static Survey read(JsonArray results) {
        Map<String, SeenInterface> interfaces = new HashMap<>();
        Transaction.rows(results, 2).forEach(row -> interfaces.put(id(row), seenInterface(row)));
        Map<String, JsonObject> portRows = new HashMap<>();
        Transaction.rows(results, 1).forEach(row -> portRows.put(id(row), row));
        List<Bridge> bridges = new ArrayList<>();
        List<SeenPort> ports = new ArrayList<>();
        for (JsonObject bridge : Transaction.rows(results, 0)) {
            String name = bridge.getString("name");
            bridges.add(new Bridge(name, bridge.getString("datapath_type", "")));
            OvsdbValue.texts(bridge, "ports").stream()
                    .map(portRows::get)
                    .filter(Objects::nonNull)
                    .map(row -> seenPort(row, name, interfaces))
                    .forEach(ports::add);
        }
        ports.sort(Comparator.comparing(SeenPort::name));
        JsonObject root = Transaction.rows(results, 3).stream().findFirst().orElseGet(JsonObject::new);
        return new Survey(
                bridges,
                ports,
                root.getLong("next_cfg", 0L),
                root.getLong("cur_cfg", 0L),
                OvsdbValue.atoms(root.getValue("ovs_version")).stream()
                        .map(String::valueOf)
                        .findFirst());
    }

    private static String id(JsonObject row) {
        return OvsdbValue.texts(row, ID).get(0);
    }

    private static SeenPort seenPort(JsonObject row, String bridge, Map<String, SeenInterface> interfaces) {
        return new SeenPort(
                id(row),
                row.getString("name"),
                bridge,
                OvsdbValue.stringMap(row.getValue("external_ids")),
                OvsdbValue.texts(row, "interfaces").stream()
                        .sorted()
                        .map(interfaces::get)
                        .filter(Objects::nonNull)
                        .toList());
    }

    private static SeenInterface seenInterface(JsonObject row) {
        return new SeenInterface(
                id(row),
                row.getString("name"),
                row.getString("type", ""),
                OvsdbValue.atoms(row.getValue("ofport")).stream()
                        .map(ofport -> Math.toIntExact((Long) ofport))
                        .findFirst()
                        .orElse(0),
                OvsdbValue.atoms(row.getValue("error")).stream()
                        .map(String::valueOf)
                        .findFirst());
    }

    /** Removes ports if each is unchanged: row, name, owner and interfaces. */
    static Transaction removal(Collection<SeenPort> ports) {
        Transaction transaction = new Transaction();
        for (SeenPort port : ports) {
            transaction.guard(
                    PORT,
                    whereUuid(port.uuid()),
                    new JsonObject()
                            .put("name", port.name())
                            .put("external_ids", OvsdbValue.map(port.externalIds()))
                            .put(
                                    "interfaces",
                                    OvsdbValue.set(port.interfaces().stream()
                                            .map(it -> OvsdbValue.uuid(it.uuid()))
                                            .toList())),
                    () -> changed(port));
            for (SeenInterface it : port.interfaces()) {
                transaction.guard(
                        INTERFACE,
                        whereUuid(it.uuid()),
                        new JsonObject().put("name", it.name()).put("type", it.type()),
                        () -> changed(port));
            }
        }
        ports.forEach(port -> PortChanges.takeFromBridge(transaction, port.uuid()));
        transaction.comment("op-dbus doctor: remove "
                + String.join(", ", ports.stream().map(SeenPort::name).toList()));
        return transaction;
    }

    private static OvsdbException changed(SeenPort port) {
        return new OvsdbException(
                Reason.CONFLICT,
                "port " + port.name() + " has changed since it was read; nothing was removed, " + "look again");
    }
}
