// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.act;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.opdbus.verticles.lab.plan.SwitchChange;

/** The operations of one transaction that makes changes of bridges, ports and mirrors (RFC 7047 section 5.2). */
final class SwitchTransaction {
    private static final String ROOT = "Open_vSwitch";
    private static final String BRIDGE = "Bridge";
    private static final String PORT = "Port";

    private final LabRows rows;
    private final String datapath;
    private final JsonArray operations = new JsonArray();
    /** References to the rows that this transaction makes, by table and name. */
    private final Map<String, JsonArray> made = new HashMap<>();
    /** The rows that bridges get, by bridge and then by column: one operation takes them all. */
    private final Map<String, Map<String, List<JsonArray>>> added = new LinkedHashMap<>();

    private SwitchTransaction(LabRows rows, String datapath) {
        this.rows = rows;
        this.datapath = datapath;
    }

    /** Returns the parameters of the request. */
    static JsonArray of(List<SwitchChange> changes, LabRows rows, String datapath) {
        SwitchTransaction transaction = new SwitchTransaction(rows, datapath);
        changes.forEach(transaction::add);
        transaction.added.forEach((bridge, columns) -> columns.forEach((column, refs) -> transaction.mutate(
                bridge, column, "insert", JsonArray.of("set", new JsonArray(new ArrayList<Object>(refs))))));
        JsonArray params = JsonArray.of(ROOT);
        transaction.operations.forEach(params::add);
        return params.add(new JsonObject().put("op", "comment").put("comment", "op-dbus: a lab"));
    }

    private void add(SwitchChange change) {
        if (change instanceof SwitchChange.AddBridge) {
            addBridge(change.bridge());
        } else if (change instanceof SwitchChange.RemoveBridge) {
            operations.add(mutation(ROOT, new JsonArray(), "bridges", "delete", present(BRIDGE, change.bridge())));
        } else if (change instanceof SwitchChange.AddPort add) {
            JsonObject row = vlans(add.tag(), add.trunks())
                    .put("name", add.port())
                    .put("interfaces", insert("Interface", link(add.port(), add.internal())));
            JsonArray port = insert(PORT, row);
            made.put(PORT + add.port(), port);
            into(change.bridge(), "ports", port);
        } else if (change instanceof SwitchChange.RemovePort remove) {
            mutate(change.bridge(), "ports", "delete", present(PORT, remove.port()));
        } else if (change instanceof SwitchChange.TagPort tag) {
            operations.add(new JsonObject()
                    .put("op", "update")
                    .put("table", PORT)
                    .put("where", named(tag.port()))
                    .put("row", vlans(tag.tag(), tag.trunks())));
        } else if (change instanceof SwitchChange.AddMirror add) {
            JsonArray selected = port(add.selected());
            into(
                    change.bridge(),
                    "mirrors",
                    insert(
                            "Mirror",
                            new JsonObject()
                                    .put("name", add.mirror())
                                    .put("select_src_port", selected)
                                    .put("select_dst_port", selected)
                                    .put("output_port", port(add.output()))));
        } else if (change instanceof SwitchChange.RemoveMirror remove) {
            mutate(change.bridge(), "mirrors", "delete", present("Mirror", remove.mirror()));
        }
    }

    private void addBridge(String name) {
        JsonArray own = insert(
                PORT, new JsonObject().put("name", name).put("interfaces", insert("Interface", link(name, true))));
        JsonArray bridge = insert(
                BRIDGE,
                new JsonObject()
                        .put("name", name)
                        .put("datapath_type", datapath)
                        .put("fail_mode", "standalone")
                        .put("ports", own));
        operations.add(mutation(ROOT, new JsonArray(), "bridges", "insert", bridge));
    }

    private static JsonObject link(String name, boolean internal) {
        return new JsonObject().put("name", name).put("type", internal ? "internal" : "");
    }

    private static JsonObject vlans(int tag, List<Integer> trunks) {
        String mode = LabRows.vlanMode(tag, trunks);
        return new JsonObject()
                .put("tag", JsonArray.of("set", tag > 0 ? JsonArray.of(tag) : new JsonArray()))
                .put("trunks", JsonArray.of("set", new JsonArray(new ArrayList<Object>(trunks))))
                .put("vlan_mode", JsonArray.of("set", mode.isEmpty() ? new JsonArray() : JsonArray.of(mode)));
    }

    private JsonArray insert(String table, JsonObject row) {
        String name = "r" + operations.size();
        operations.add(new JsonObject()
                .put("op", "insert")
                .put("table", table)
                .put("uuid-name", name)
                .put("row", row));
        return JsonArray.of("named-uuid", name);
    }

    private void into(String bridge, String column, JsonArray row) {
        added.computeIfAbsent(bridge, any -> new LinkedHashMap<>())
                .computeIfAbsent(column, any -> new ArrayList<>())
                .add(row);
    }

    private JsonArray port(String name) {
        JsonArray own = made.get(PORT + name);
        return own == null ? present(PORT, name) : own;
    }

    private JsonArray present(String table, String name) {
        String uuid = rows.uuid(table, name);
        if (uuid == null) {
            throw new LabActFailure("the row " + name + " of Open vSwitch is gone");
        }
        return JsonArray.of("uuid", uuid);
    }

    private void mutate(String bridge, String column, String mutator, JsonArray value) {
        operations.add(mutation(BRIDGE, named(bridge), column, mutator, value));
    }

    private static JsonObject mutation(String table, JsonArray where, String column, String mutator, JsonArray value) {
        return new JsonObject()
                .put("op", "mutate")
                .put("table", table)
                .put("where", where)
                .put("mutations", JsonArray.of(JsonArray.of(column, mutator, value)));
    }

    private static JsonArray named(String name) {
        return JsonArray.of(JsonArray.of("name", "==", name));
    }
}
