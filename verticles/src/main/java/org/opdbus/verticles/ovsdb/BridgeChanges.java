// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import static org.opdbus.verticles.jsonrpc.OvsdbValue.uuid;
import static org.opdbus.verticles.ovsdb.BridgeKeeper.ID;
import static org.opdbus.verticles.ovsdb.BridgeKeeper.id;
import static org.opdbus.verticles.ovsdb.BridgeKeeper.name;
import static org.opdbus.verticles.ovsdb.Column.BRIDGE;
import static org.opdbus.verticles.ovsdb.Column.INTERFACE;
import static org.opdbus.verticles.ovsdb.Column.OPEN_VSWITCH;
import static org.opdbus.verticles.ovsdb.Column.PORT;
import static org.opdbus.verticles.ovsdb.Transaction.where;
import static org.opdbus.verticles.ovsdb.Transaction.whereUuid;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.opdbus.verticles.edges.BridgeException;
import org.opdbus.verticles.edges.BridgeException.Reason;
import org.opdbus.verticles.jsonrpc.OvsdbValue;
import org.opdbus.verticles.ovsdb.BridgeKeeper.Rows;
import org.opdbus.verticles.view.PortOwner;

/**
 * Decides on the changes of {@link BridgeKeeper} and writes their operations. It holds no state and sends nothing.
 *
 * <p>A decision takes the rows that were read and returns the transaction to make, empty if the database is as wanted already.
 * The transaction fails with {@link OvsdbException.Reason#CONFLICT} or {@link OvsdbException.Reason#NAME_TAKEN} if another
 * program has changed these rows since.
 */
final class BridgeChanges {
    private static final String USERSPACE = "netdev";
    /** How many containers a refusal names. */
    private static final int NAMED_MAX = 10;

    private BridgeChanges() {}

    /**
     * Creates a bridge with its own port. Like ovs-vsctl it leaves the datapath to Open vSwitch; only if all other bridges use
     * the userspace datapath, so does this one, because such a host usually has no other.
     */
    static Optional<Transaction> create(String bridge, Rows rows) {
        if (rows.bridge(bridge).isPresent()) {
            return Optional.empty();
        }
        String root = rootOf(rows);
        requireFree(bridge, "create the bridge " + bridge, rows);
        Transaction transaction = new Transaction();
        guardRoot(transaction, root, "creating the bridge " + bridge);
        int link = transaction.insert(
                INTERFACE, new JsonObject().put("name", bridge).put("type", "internal"));
        int port = transaction.insert(
                PORT, new JsonObject().put("name", bridge).put("interfaces", Transaction.inserted(link)));
        JsonObject row = new JsonObject().put("name", bridge).put("ports", Transaction.inserted(port));
        if (!rows.bridges().isEmpty()
                && rows.bridges().stream().allMatch(each -> USERSPACE.equals(each.getString("datapath_type")))) {
            row.put("datapath_type", USERSPACE);
        }
        int inserted = transaction.insert(BRIDGE, row);
        transaction.mutate(
                OPEN_VSWITCH,
                whereUuid(root),
                JsonArray.of("bridges", "insert", Transaction.inserted(inserted)),
                requestToSwitch());
        transaction.comment("op-dbus: create bridge " + bridge);
        return Optional.of(transaction);
    }

    /** Deletes a bridge if it has the ports that were read, and none of them is the agent's. */
    static Optional<Transaction> delete(String bridge, Rows rows) {
        Optional<JsonObject> found = rows.bridge(bridge);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        List<JsonObject> ports = rows.ports();
        List<JsonObject> ours = ports.stream().filter(BridgeChanges::isEnrolled).toList();
        if (!ours.isEmpty()) {
            throw new BridgeException(
                    Reason.IN_USE,
                    "will not delete the bridge " + bridge + ": the agent enrolled " + containers(ours)
                            + " through its ports; stop these containers, or give them another bridge, and try again");
        }
        String root = rootOf(rows);
        String attempt = "deleting the bridge " + bridge;
        Transaction transaction = new Transaction();
        guardRoot(transaction, root, attempt);
        guard(transaction, BRIDGE, found.get(), attempt, "name", "ports");
        ports.forEach(port -> guard(transaction, PORT, port, attempt, "external_ids"));
        transaction.mutate(
                OPEN_VSWITCH,
                whereUuid(root),
                JsonArray.of("bridges", "delete", uuid(id(found.get()))),
                requestToSwitch());
        transaction.comment("op-dbus: delete bridge " + bridge);
        return Optional.of(transaction);
    }

    /** Makes a link a port of a bridge. */
    static Optional<Transaction> add(String bridge, String port, Rows rows) {
        String attempt = "add the port " + port + " to " + bridge;
        JsonObject home = rows.bridge(bridge).orElseThrow(() -> noBridge(attempt, bridge));
        if (rows.bridge(port).isPresent()) {
            throw new BridgeException(
                    Reason.ALREADY_EXISTS, "cannot " + attempt + ": there is a bridge " + port + "; use another name");
        }
        Optional<JsonObject> present = rows.port(port);
        if (present.isPresent() && bridgeOf(present.get()).equals(bridge)) {
            return Optional.empty();
        }
        requireFree(port, attempt, rows);
        Transaction transaction = new Transaction();
        guard(transaction, BRIDGE, home, attempt, "name");
        PortChanges.insertPort(
                transaction, new JsonObject().put("name", port), new JsonObject().put("name", port), bridge);
        transaction.mutate(OPEN_VSWITCH, new JsonArray(), requestToSwitch());
        transaction.comment("op-dbus: " + attempt);
        return Optional.of(transaction);
    }

    /** Removes a port from a bridge if the port is not the agent's. */
    static Optional<Transaction> remove(String bridge, String port, Rows rows) {
        String attempt = "remove the port " + port + " from " + bridge;
        JsonObject home = rows.bridge(bridge).orElseThrow(() -> noBridge(attempt, bridge));
        if (port.equals(bridge)) {
            throw new BridgeException(
                    Reason.REFUSED,
                    "cannot " + attempt + ": it is the bridge's own port; to remove both, delete the bridge");
        }
        Optional<JsonObject> found = rows.port(port);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        JsonObject row = found.get();
        if (!bridgeOf(row).equals(bridge)) {
            throw new BridgeException(
                    Reason.NO_PORT,
                    "cannot " + attempt + ": the port is on the bridge " + bridgeOf(row) + "; name that bridge");
        }
        if (isEnrolled(row)) {
            throw new BridgeException(
                    Reason.IN_USE,
                    "will not " + attempt + ": the agent enrolled " + containers(List.of(row))
                            + " through it and would restore it; stop the container, or give it another bridge");
        }
        Transaction transaction = new Transaction();
        guard(transaction, PORT, row, attempt, "name", "external_ids");
        transaction.guard(
                BRIDGE,
                where("ports", "includes", uuid(id(row))),
                new JsonObject().put(ID, uuid(id(home))),
                conflict(attempt));
        PortChanges.takeFromBridge(transaction, id(row));
        transaction.mutate(OPEN_VSWITCH, new JsonArray(), requestToSwitch());
        transaction.comment("op-dbus: " + attempt);
        return Optional.of(transaction);
    }

    /** Rows that no row of the table Open_vSwitch leads to would be deleted at once. */
    private static String rootOf(Rows rows) {
        return rows.root()
                .orElseThrow(() -> new BridgeException(
                        Reason.REFUSED, "Open vSwitch's database was never initialised; run: ovs-vsctl init"));
    }

    static BridgeException noBridge(String attempt, String bridge) {
        return new BridgeException(
                Reason.NO_BRIDGE, "cannot " + attempt + ": there is no bridge " + bridge + "; create it first");
    }

    private static void requireFree(String name, String attempt, Rows rows) {
        rows.port(name).ifPresent(port -> {
            throw new BridgeException(
                    Reason.ALREADY_EXISTS,
                    "cannot " + attempt + ": the bridge " + bridgeOf(port) + " has a port " + name
                            + "; remove it there, or use another name");
        });
        if (rows.isInterface()) {
            throw new BridgeException(
                    Reason.ALREADY_EXISTS,
                    "cannot " + attempt + ": an interface " + name
                            + " is part of a port of another name; remove it there, or use another name");
        }
    }

    /** Tells ovs-vswitchd, as ovs-vsctl does, that the configuration has changed ({@code next_cfg}). */
    private static JsonArray requestToSwitch() {
        return JsonArray.of("next_cfg", "+=", 1);
    }

    private static void guardRoot(Transaction transaction, String root, String attempt) {
        transaction.guard(OPEN_VSWITCH, whereUuid(root), new JsonObject().put(ID, uuid(root)), conflict(attempt));
    }

    private static void guard(
            Transaction transaction, String table, JsonObject row, String attempt, String... columns) {
        JsonObject unchanged = new JsonObject();
        for (String column : columns) {
            unchanged.put(column, row.getValue(column));
        }
        transaction.guard(table, whereUuid(id(row)), unchanged, conflict(attempt));
    }

    private static Supplier<OvsdbException> conflict(String attempt) {
        return () -> new OvsdbException(
                OvsdbException.Reason.CONFLICT, "the rows have changed during this attempt: " + attempt);
    }

    private static String bridgeOf(JsonObject port) {
        return port.getString("bridge");
    }

    private static boolean isEnrolled(JsonObject port) {
        return ids(port).containsKey(PortOwner.OWNER);
    }

    private static String containers(List<JsonObject> ports) {
        TreeSet<String> names = ports.stream()
                .map(port -> ids(port).getOrDefault(PortOwner.CONTAINER, "of the port " + name(port)))
                .collect(Collectors.toCollection(TreeSet::new));
        String named = names.stream().limit(NAMED_MAX).collect(Collectors.joining(", "));
        int more = names.size() - NAMED_MAX;
        return (names.size() == 1 ? "the container " : "the containers ")
                + named
                + (more > 0 ? " and " + more + " more" : "");
    }

    private static Map<String, String> ids(JsonObject port) {
        return OvsdbValue.stringMap(port.getValue("external_ids"));
    }
}
