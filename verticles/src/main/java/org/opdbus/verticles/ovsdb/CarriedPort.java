// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import static org.opdbus.verticles.ovsdb.Column.BRIDGE;
import static org.opdbus.verticles.ovsdb.Column.INTERFACE;
import static org.opdbus.verticles.ovsdb.Column.PORT;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.opdbus.verticles.jsonrpc.OvsdbValue;
import org.opdbus.verticles.ovsdb.OvsdbException.Reason;

/** The whole configuration of a port, as read, to write it to another row. */
final class CarriedPort {
    /**
     * The configuration columns of Port. A column that the server's schema lacks cannot be carried
     * over.
     */
    static final Set<String> PORT_COLUMNS = Set.of(
            "trunks",
            "cvlans",
            "tag",
            "vlan_mode",
            "qos",
            "mac",
            "bond_mode",
            "lacp",
            "bond_updelay",
            "bond_downdelay",
            "bond_fake_iface",
            "fake_bridge",
            "protected",
            "other_config",
            "external_ids");

    /** The configuration columns of Interface. */
    static final Set<String> INTERFACE_COLUMNS = Set.of(
            "type",
            "options",
            "ingress_policing_rate",
            "ingress_policing_burst",
            "ingress_policing_kpkts_rate",
            "ingress_policing_kpkts_burst",
            "mac",
            "external_ids",
            "ofport_request",
            "bfd",
            "cfm_mpid",
            "lldp",
            "other_config",
            "mtu_request");

    private final JsonObject port;
    private final JsonObject link;
    private final String bridge;

    private CarriedPort(JsonObject port, JsonObject link, String bridge) {
        this.port = port;
        this.link = link;
        this.bridge = bridge;
    }

    /** Selects the rows, in this order: Port, its Interface, its Bridge. */
    static Transaction question(PortSwap swap) {
        Transaction transaction = new Transaction();
        transaction.select(PORT, Transaction.whereUuid(swap.portUuid()));
        // A link's port and its interface have the same name, which saves a second request.
        transaction.select(INTERFACE, Transaction.where("name", "==", swap.oldName()));
        transaction.select(
                BRIDGE, Transaction.where("ports", "includes", OvsdbValue.uuid(swap.portUuid())), "_uuid", "name");
        return transaction;
    }

    /**
     * Parses the answer.
     *
     * @throws OvsdbException if there is no such port, or if it is not the port of a single link
     */
    static CarriedPort of(PortSwap swap, JsonArray results) {
        List<JsonObject> ports = Transaction.rows(results, 0);
        List<JsonObject> links = Transaction.rows(results, 1);
        List<JsonObject> bridges = Transaction.rows(results, 2);
        if (ports.isEmpty()
                || bridges.isEmpty()
                || !ports.get(0).getString("name").equals(swap.oldName())) {
            throw new OvsdbException(
                    Reason.NO_PORT,
                    "cannot swap " + swap.oldName() + " for " + swap.newName() + ": its row " + swap.portUuid()
                            + " is gone");
        }
        List<String> members = OvsdbValue.texts(ports.get(0), "interfaces");
        if (links.isEmpty() || !members.equals(OvsdbValue.texts(links.get(0), "_uuid"))) {
            throw new OvsdbException(
                    Reason.REFUSED,
                    "will not swap " + swap.oldName() + " for " + swap.newName()
                            + ": it is a bond, or not the port of one link of its name");
        }
        return new CarriedPort(ports.get(0), links.get(0), bridges.get(0).getString("name"));
    }

    /** Returns the bridge that the port was on. */
    String bridge() {
        return bridge;
    }

    /**
     * Makes the transaction fail if anything that is carried over has changed since it was read.
     */
    void guard(Transaction transaction, PortSwap swap) {
        Supplier<OvsdbException> conflict = () -> new OvsdbException(
                Reason.CONFLICT, "the port " + swap.oldName() + " was changed while it was being swapped; try again");
        JsonObject portRow = pick(port, PORT_COLUMNS).put("interfaces", port.getValue("interfaces"));
        transaction.guard(PORT, Transaction.whereUuid(swap.portUuid()), portRow, conflict);
        JsonArray linkUuid = link.getJsonArray("_uuid");
        transaction.guard(
                INTERFACE, Transaction.where("_uuid", "==", linkUuid), pick(link, INTERFACE_COLUMNS), conflict);
        JsonArray home = Transaction.where("ports", "includes", OvsdbValue.uuid(swap.portUuid()));
        transaction.guard(BRIDGE, home, new JsonObject().put("name", bridge), conflict);
    }

    /**
     * Returns the Port row under another name and with additional {@code external_ids}, but without
     * its interface.
     */
    JsonObject portRow(String name, Map<String, String> ids) {
        return pick(port, PORT_COLUMNS).put("name", name).put("external_ids", merged(port, ids));
    }

    /** Returns the Interface row under another name and with additional {@code external_ids}. */
    JsonObject interfaceRow(String name, Map<String, String> ids) {
        return pick(link, INTERFACE_COLUMNS).put("name", name).put("external_ids", merged(link, ids));
    }

    private static JsonArray merged(JsonObject row, Map<String, String> ids) {
        Map<String, String> merged = new HashMap<>(OvsdbValue.stringMap(row.getValue("external_ids")));
        merged.putAll(ids);
        return OvsdbValue.map(merged);
    }

    private static JsonObject pick(JsonObject row, Set<String> columns) {
        JsonObject picked = new JsonObject();
        columns.stream().filter(row::containsKey).forEach(column -> picked.put(column, row.getValue(column)));
        return picked;
    }
}
