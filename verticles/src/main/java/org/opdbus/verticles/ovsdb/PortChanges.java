// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import static org.opdbus.verticles.jsonrpc.OvsdbValue.map;
import static org.opdbus.verticles.jsonrpc.OvsdbValue.set;
import static org.opdbus.verticles.jsonrpc.OvsdbValue.uuid;
import static org.opdbus.verticles.ovsdb.Column.BRIDGE;
import static org.opdbus.verticles.ovsdb.Column.INTERFACE;
import static org.opdbus.verticles.ovsdb.Column.MIRROR;
import static org.opdbus.verticles.ovsdb.Column.PORT;
import static org.opdbus.verticles.ovsdb.Transaction.where;
import static org.opdbus.verticles.ovsdb.Transaction.whereUuid;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.opdbus.verticles.jsonrpc.OvsdbValue;
import org.opdbus.verticles.ovsdb.OvsdbException.Reason;

/**
 * Writes the operations that change ports. It holds no state and sends nothing.
 *
 * <p>No condition checks that the name of a new port is free, because the schema has an index on
 * the name, which the server checks at once. A condition on a name makes the server look at every
 * row (a tenth of a millisecond for 500 ports). Only the other names of a link are checked by a
 * condition.
 */
final class PortChanges {
    private PortChanges() {}

    /** A change of one port. */
    interface Change {
        /**
         * Writes the operations and returns a function that finds the Port row's identifier in the
         * results of the transaction.
         */
        Function<JsonArray, String> writeTo(Transaction transaction);
    }

    /** Adds a port for a link that has none. */
    static Change attach(PortRequest request) {
        return transaction -> {
            guardBridge(transaction, request.bridge(), "attach " + request.name());
            request.otherNames().forEach(name -> guardNoPort(transaction, name, request.name()));
            JsonObject interfaceRow =
                    new JsonObject().put("name", request.name()).put("external_ids", map(request.interfaceIds()));
            request.columns().forEach(interfaceRow::put);
            JsonObject portRow = new JsonObject()
                    .put("name", request.name())
                    .put("tag", set(request.vlans().tag()))
                    .put("trunks", set(request.vlans().trunks()))
                    .put("vlan_mode", set(request.vlans().mode()))
                    .put("external_ids", map(request.portIds()));
            int portIndex = insertPort(transaction, portRow, interfaceRow, request.bridge());
            transaction.comment("op-dbus: attach " + request.name() + " to " + request.bridge());
            return results -> Transaction.insertedUuid(results, portIndex);
        };
    }

    /**
     * Replaces a row that was read by a new one, provided that the old row has not changed since.
     */
    static Change swap(PortSwap swap, CarriedPort old) {
        return transaction -> {
            String bridge = swap.bridge().orElse(old.bridge());
            old.guard(transaction, swap);
            guardBridge(transaction, bridge, "swap " + swap.oldName() + " for " + swap.newName());

            JsonObject interfaceRow = old.interfaceRow(swap.newName(), swap.interfaceIds());
            JsonObject portRow = old.portRow(swap.newName(), swap.portIds());
            swap.tag().ifPresent(tag -> portRow.put("tag", tag));
            takeFromBridge(transaction, swap.portUuid());
            int portIndex = insertPort(transaction, portRow, interfaceRow, bridge);
            if (bridge.equals(old.bridge())) {
                carryMirrors(transaction, swap.portUuid(), Transaction.inserted(portIndex));
            }
            transaction.comment("op-dbus: swap " + swap.oldName() + " of " + old.bridge() + " for " + swap.newName()
                    + " of " + bridge);
            return results -> Transaction.insertedUuid(results, portIndex);
        };
    }

    /**
     * Removes a row that was read and moves its configuration to another row, which is the
     * caller's: every configured column, and the mirrors. The {@code external_ids} of both rows are
     * merged.
     */
    static Change absorb(PortAbsorption absorption, CarriedPort old) {
        PortSwap swap = absorption.asSwap();
        PortOwnership own = absorption.own();
        return transaction -> {
            old.guard(transaction, swap);
            guardOwner(transaction, own, "configure");
            JsonObject portRow = old.portRow(own.name(), absorption.portIds());
            JsonObject interfaceRow = old.interfaceRow(own.name(), Map.of());
            takeFromBridge(transaction, swap.portUuid());
            addIds(transaction, PORT, whereUuid(own.portUuid()), portRow, absorption.forgottenIds());
            addIds(transaction, INTERFACE, where("name", "==", own.name()), interfaceRow, Set.of());
            // Both rows keep their own names.
            portRow.remove("name");
            interfaceRow.remove("name");
            transaction.update(PORT, whereUuid(own.portUuid()), portRow);
            transaction.update(INTERFACE, where("name", "==", own.name()), interfaceRow);
            carryMirrors(transaction, swap.portUuid(), uuid(own.portUuid()));
            transaction.comment("op-dbus: take the configuration of " + swap.oldName() + " over to " + own.name());
            return results -> own.portUuid();
        };
    }

    /**
     * Moves the ids from the columns to write to a mutation, which leaves the row's other ids
     * unchanged.
     */
    private static void addIds(
            Transaction transaction, String table, JsonArray where, JsonObject columns, Set<String> forgotten) {
        Map<String, String> ids = OvsdbValue.stringMap(columns.remove("external_ids"));
        Set<String> removed = new HashSet<>(ids.keySet());
        removed.addAll(forgotten);
        transaction.mutate(
                table,
                where,
                JsonArray.of("external_ids", "delete", set(removed)),
                JsonArray.of("external_ids", "insert", map(ids)));
    }

    /**
     * Removes a port. Once no bridge refers to its rows, the server deletes them and removes them
     * from mirrors.
     */
    static Transaction remove(PortOwnership owned) {
        Transaction transaction = new Transaction();
        guardOwner(transaction, owned, "remove");
        takeFromBridge(transaction, owned.portUuid());
        transaction.comment("op-dbus: remove " + owned.name());
        return transaction;
    }

    /** Sets these {@code external_ids} and leaves those under other keys unchanged. */
    static Change stamp(String portUuid, Map<String, String> ids) {
        return transaction -> {
            guardPort(transaction, portUuid, portUuid, "stamp");
            // An insert does not replace a key that exists.
            transaction.mutate(
                    PORT,
                    whereUuid(portUuid),
                    JsonArray.of("external_ids", "delete", set(ids.keySet())),
                    JsonArray.of("external_ids", "insert", map(ids)));
            transaction.comment("op-dbus: stamp port " + portUuid);
            return results -> portUuid;
        };
    }

    /** Sets these {@code external_ids}, and columns of the interface. */
    static Change limit(String portUuid, String name, Map<String, String> ids, Map<String, Integer> columns) {
        Change stamp = stamp(portUuid, ids);
        return transaction -> {
            JsonObject row = new JsonObject();
            columns.forEach(row::put);
            transaction.update(INTERFACE, where("name", "==", name), row);
            return stamp.writeTo(transaction);
        };
    }

    static Transaction retag(PortOwnership owned, Vlans vlans) {
        Transaction transaction = new Transaction();
        guardOwner(transaction, owned, "set the VLANs of");
        transaction.update(
                PORT,
                whereUuid(owned.portUuid()),
                new JsonObject()
                        .put("tag", set(vlans.tag()))
                        .put("trunks", set(vlans.trunks()))
                        .put("vlan_mode", set(vlans.mode())));
        transaction.comment("op-dbus: set the VLANs of " + owned.name());
        return transaction;
    }

    static Transaction move(PortOwnership owned, String bridge) {
        Transaction transaction = new Transaction();
        guardOwner(transaction, owned, "move");
        guardBridge(transaction, bridge, "move " + owned.name());
        takeFromBridge(transaction, owned.portUuid());
        putOnBridge(transaction, bridge, uuid(owned.portUuid()));
        transaction.comment("op-dbus: move " + owned.name() + " to " + bridge);
        return transaction;
    }

    static int insertPort(Transaction transaction, JsonObject portRow, JsonObject interfaceRow, String bridge) {
        int interfaceIndex = transaction.insert(INTERFACE, interfaceRow);
        int portIndex = transaction.insert(PORT, portRow.put("interfaces", Transaction.inserted(interfaceIndex)));
        putOnBridge(transaction, bridge, Transaction.inserted(portIndex));
        return portIndex;
    }

    private static void putOnBridge(Transaction transaction, String bridge, JsonArray port) {
        transaction.mutate(BRIDGE, where("name", "==", bridge), JsonArray.of("ports", "insert", port));
    }

    static void takeFromBridge(Transaction transaction, String portUuid) {
        transaction.mutate(
                BRIDGE, where("ports", "includes", uuid(portUuid)), JsonArray.of("ports", "delete", uuid(portUuid)));
    }

    private static void carryMirrors(Transaction transaction, String oldUuid, JsonArray newPort) {
        for (String column : List.of("select_src_port", "select_dst_port")) {
            transaction.mutate(
                    MIRROR,
                    where(column, "includes", uuid(oldUuid)),
                    JsonArray.of(column, "delete", uuid(oldUuid)),
                    JsonArray.of(column, "insert", newPort));
        }
        transaction.update(
                MIRROR, where("output_port", "==", uuid(oldUuid)), new JsonObject().put("output_port", newPort));
    }

    private static void guardBridge(Transaction transaction, String bridge, String attempt) {
        transaction.guard(
                BRIDGE,
                where("name", "==", bridge),
                new JsonObject().put("name", bridge),
                () -> new OvsdbException(
                        Reason.NO_BRIDGE,
                        "cannot " + attempt + ": there is no Open vSwitch bridge " + bridge
                                + "; make it with: ovs-vsctl add-br " + bridge));
    }

    /**
     * Without this check the link would have two ports, if one exists under another of its names
     * that the caller does not know yet.
     */
    private static void guardNoPort(Transaction transaction, String otherName, String name) {
        transaction.guardAbsence(
                PORT,
                where("name", "==", otherName),
                () -> new OvsdbException(
                        Reason.CONFLICT,
                        "cannot attach " + name + ": there is a port " + otherName
                                + ", which is another name of the same link; the agent adopts "
                                + "that port as soon as it receives the fact"));
    }

    private static void guardOwner(Transaction transaction, PortOwnership owned, String attempt) {
        guardPort(transaction, owned.portUuid(), owned.name(), attempt);
        JsonArray ours = whereUuid(owned.portUuid()).add(JsonArray.of("external_ids", "includes", map(owned.ids())));
        transaction.guard(
                PORT,
                ours,
                new JsonObject().put("_uuid", uuid(owned.portUuid())),
                () -> new OvsdbException(
                        Reason.NOT_OURS,
                        "will not " + attempt + " the port " + owned.name() + ": its external_ids do not say "
                                + owned.ids()));
    }

    private static void guardPort(Transaction transaction, String portUuid, String name, String attempt) {
        transaction.guard(
                PORT,
                whereUuid(portUuid),
                new JsonObject().put("_uuid", uuid(portUuid)),
                () -> new OvsdbException(
                        Reason.NO_PORT,
                        "cannot " + attempt + " the port " + name + ": its row " + portUuid + " is gone"));
    }
}
