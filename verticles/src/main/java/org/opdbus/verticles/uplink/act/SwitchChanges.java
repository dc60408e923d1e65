// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import static org.opdbus.verticles.jsonrpc.OvsdbValue.map;
import static org.opdbus.verticles.jsonrpc.OvsdbValue.namedUuid;
import static org.opdbus.verticles.jsonrpc.OvsdbValue.set;
import static org.opdbus.verticles.jsonrpc.OvsdbValue.uuid;
import static org.opdbus.verticles.uplink.act.SwitchOperations.BRIDGE;
import static org.opdbus.verticles.uplink.act.SwitchOperations.INTERFACE;
import static org.opdbus.verticles.uplink.act.SwitchOperations.PORT;
import static org.opdbus.verticles.uplink.act.SwitchOperations.ROOT;
import static org.opdbus.verticles.uplink.act.SwitchOperations.id;
import static org.opdbus.verticles.uplink.act.SwitchOperations.identified;
import static org.opdbus.verticles.uplink.act.SwitchOperations.named;
import static org.opdbus.verticles.uplink.act.SwitchOperations.require;
import static org.opdbus.verticles.uplink.act.SwitchOperations.requireAbsent;
import static org.opdbus.verticles.uplink.act.SwitchOperations.textOf;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.jsonrpc.OvsdbValue;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkFailure;

/**
 * Decides what a step changes in Open vSwitch's database, from the rows that were read. Pure. The operations begin with guards: they
 * have no effect if the rows are others by then.
 */
final class SwitchChanges {
    /** Marks the port of an uplink; its value is the move. */
    static final String UPLINK_MARK = "op-dbus:uplink";

    /** Names the host beside it. */
    private static final String HOST_MARK = "op-dbus:uplink-host";

    /** Marks a bridge that a move made; its value is the move. */
    static final String MADE_MARK = "op-dbus:uplink-made";

    /** Marks the port of an enrolled container, which is the reconciler's. */
    private static final String OWNER_MARK = "op-dbus:owner";

    private SwitchChanges() {}

    /**
     * The rows that a change of a port rests on.
     *
     * @param bridges all bridges with their ports
     * @param ports the port of the link's name, if there is one
     * @param interfaces the interface of the link's name, if there is one
     */
    record Rows(List<JsonObject> bridges, List<JsonObject> ports, List<JsonObject> interfaces) {
        private JsonObject bridge(String name, String attempt) {
            return bridges.stream()
                    .filter(row -> row.getString("name").equals(name))
                    .findFirst()
                    .orElseThrow(() -> new UplinkFailure(attempt + ": Open vSwitch has no bridge " + name));
        }

        private Optional<JsonObject> bridgeOf(JsonObject port) {
            return bridges.stream()
                    .filter(row -> OvsdbValue.texts(row, "ports").contains(id(port)))
                    .findFirst();
        }
    }

    static List<JsonObject> create(
            String move, Step.PrepareBridge step, List<JsonObject> ports, List<JsonObject> interfaces) {
        String name = step.bridge();
        if (!step.creates()) {
            throw new UplinkFailure("the bridge " + name + " is gone since the plan was made; make the move again");
        }
        if (!ports.isEmpty() || !interfaces.isEmpty()) {
            throw new UplinkFailure("will not make the bridge " + name + ": Open vSwitch has a port of that name;"
                    + " use another name for the bridge");
        }
        JsonObject link =
                new JsonObject().put("name", name).put("type", "internal").put("mtu_request", step.mtu());
        JsonObject port = new JsonObject().put("name", name).put("interfaces", namedUuid("link"));
        JsonObject bridge = new JsonObject()
                .put("name", name)
                .put("ports", namedUuid("port"))
                .put("datapath_type", step.datapath())
                .put("fail_mode", "standalone")
                .put("stp_enable", false)
                .put("rstp_enable", false)
                .put("other_config", map(Map.of("hwaddr", step.mac())))
                .put("external_ids", map(Map.of(MADE_MARK, move)));
        return List.of(
                requireAbsent(BRIDGE, name),
                requireAbsent(PORT, name),
                requireAbsent(INTERFACE, name),
                SwitchOperations.insert(INTERFACE, "link", link),
                SwitchOperations.insert(PORT, "port", port),
                SwitchOperations.insert(BRIDGE, "bridge", bridge),
                SwitchOperations.mutate(
                        ROOT, SwitchOperations.ANY, JsonArray.of("bridges", "insert", namedUuid("bridge"))));
    }

    /** Gives a bridge that is there the hardware address and the MTU. */
    static List<JsonObject> adjust(String move, Step.PrepareBridge step, JsonObject bridge) {
        if (step.creates() && !textOf(bridge, "external_ids", MADE_MARK).equals(move)) {
            throw new UplinkFailure("another program made the bridge " + step.bridge()
                    + " since the plan was made; make the move again");
        }
        return List.of(
                require(BRIDGE, named(step.bridge()), "_uuid", new JsonObject().put("_uuid", uuid(id(bridge)))),
                SwitchOperations.mutate(
                        BRIDGE,
                        identified(id(bridge)),
                        JsonArray.of("other_config", "delete", set(List.of("hwaddr"))),
                        JsonArray.of("other_config", "insert", map(Map.of("hwaddr", step.mac())))),
                SwitchOperations.update(
                        INTERFACE, named(step.bridge()), new JsonObject().put("mtu_request", step.mtu())));
    }

    /** Returns the {@code external_ids} of the port of an uplink. */
    static Map<String, String> marks(String move, String host) {
        return Map.of(UPLINK_MARK, move, HOST_MARK, host);
    }

    static List<JsonObject> attach(Map<String, String> marks, Step.AttachLink step, Rows rows) {
        String attempt = "will not make " + step.link() + " a port of the bridge " + step.bridge();
        JsonObject bridge = rows.bridge(step.bridge(), attempt);
        JsonObject sameBridge = new JsonObject().put("_uuid", uuid(id(bridge)));
        JsonObject guard = require(BRIDGE, named(step.bridge()), "_uuid", sameBridge);
        if (!rows.ports().isEmpty()) {
            requireOwnPort(marks, step, rows, attempt);
            // The transaction before was this one; what is left is to wait for ovs-vswitchd.
            return List.of(guard);
        }
        if (!rows.interfaces().isEmpty()) {
            throw new UplinkFailure(
                    attempt + ": the link is in a bond of Open vSwitch; move the bond, or take the link out of it");
        }
        JsonObject port = new JsonObject()
                .put("name", step.link())
                .put("interfaces", namedUuid("link"))
                .put("external_ids", map(marks));
        return List.of(
                guard,
                requireAbsent(PORT, step.link()),
                requireAbsent(INTERFACE, step.link()),
                SwitchOperations.insert(INTERFACE, "link", new JsonObject().put("name", step.link())),
                SwitchOperations.insert(PORT, "port", port),
                SwitchOperations.mutate(
                        BRIDGE, identified(id(bridge)), JsonArray.of("ports", "insert", namedUuid("port"))));
    }

    private static void requireOwnPort(Map<String, String> marks, Step.AttachLink step, Rows rows, String attempt) {
        JsonObject port = rows.ports().get(0);
        String home = rows.bridgeOf(port).map(row -> row.getString("name")).orElse("");
        if (!home.equals(step.bridge())) {
            throw new UplinkFailure(
                    attempt + ": it is a port of the bridge " + home + "; remove it there, and make the move again");
        }
        if (!textOf(port, "external_ids", UPLINK_MARK).equals(marks.get(UPLINK_MARK))) {
            throw new UplinkFailure(attempt
                    + ": another program has made it a port of this bridge since the plan was made; look whose it is, and"
                    + " make the move again");
        }
    }

    static List<JsonObject> detach(Step.DetachLink step, Rows rows) {
        String attempt = "will not remove the port " + step.link() + " from the bridge " + step.bridge();
        if (rows.ports().isEmpty()) {
            return List.of();
        }
        JsonObject port = rows.ports().get(0);
        String home = rows.bridgeOf(port).map(row -> row.getString("name")).orElse("");
        if (!home.equals(step.bridge())) {
            throw new UplinkFailure(attempt + ": it is a port of the bridge " + home);
        }
        if (!textOf(port, "external_ids", OWNER_MARK).isEmpty()) {
            throw new UplinkFailure(attempt + ": the agent enrolled a container through it");
        }
        JsonObject marks = new JsonObject().put("external_ids", port.getValue("external_ids"));
        return List.of(
                require(PORT, identified(id(port)), "external_ids", marks),
                SwitchOperations.mutate(BRIDGE, named(step.bridge()), JsonArray.of("ports", "delete", uuid(id(port)))));
    }

    /** Removes a bridge that a move made and that has no other port, or gives a bridge its former hardware address. */
    static List<JsonObject> restore(Step.RestoreBridge step, JsonObject bridge, List<JsonObject> ownPorts) {
        List<String> own = ownPorts.stream().map(SwitchOperations::id).toList();
        boolean isEmpty = own.containsAll(OvsdbValue.texts(bridge, "ports"));
        boolean isMade = !textOf(bridge, "external_ids", MADE_MARK).isEmpty();
        if (step.removes() && isMade) {
            JsonObject samePorts = new JsonObject().put("ports", bridge.getValue("ports"));
            return isEmpty
                    ? List.of(
                            require(BRIDGE, identified(id(bridge)), "ports", samePorts),
                            SwitchOperations.mutate(
                                    ROOT, SwitchOperations.ANY, JsonArray.of("bridges", "delete", uuid(id(bridge)))))
                    : List.of();
        }
        if (!textOf(bridge, "other_config", "hwaddr").equalsIgnoreCase(step.mac())) {
            // Another program has given it one of its own since.
            return List.of();
        }
        JsonObject sameSettings = new JsonObject().put("other_config", bridge.getValue("other_config"));
        List<JsonArray> mutations =
                new ArrayList<>(List.of(JsonArray.of("other_config", "delete", set(List.of("hwaddr")))));
        step.formerHwaddr()
                .ifPresent(mac -> mutations.add(JsonArray.of("other_config", "insert", map(Map.of("hwaddr", mac)))));
        List<JsonObject> operations = new ArrayList<>(List.of(
                require(BRIDGE, identified(id(bridge)), "other_config", sameSettings),
                SwitchOperations.mutate(BRIDGE, identified(id(bridge)), mutations.toArray(JsonArray[]::new))));
        step.formerMtu().ifPresent(mtu -> operations.add(formerMtu(step, mtu)));
        return operations;
    }

    /** An MTU that another program has requested since the move stays. */
    private static JsonObject formerMtu(Step.RestoreBridge step, long mtu) {
        JsonArray ofMove = named(step.bridge()).add(JsonArray.of("mtu_request", "==", step.mtu()));
        return SwitchOperations.update(
                INTERFACE, ofMove, new JsonObject().put("mtu_request", mtu == 0 ? set(List.of()) : Long.valueOf(mtu)));
    }
}
