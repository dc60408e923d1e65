// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * A monitored column, and how the server reports a change of it.
 *
 * <p>These are the columns that a {@code Port} or {@code Bridge} fact needs, and none that changes
 * with traffic. Statistics, status and link state would wake the agent every five seconds for every
 * port.
 *
 * @param kind determines the meaning of a value in a "modify" (ovsdb-server(7), section 4.1.14)
 */
record Column(String name, Kind kind) {
    enum Kind {
        /** At most one value. A change holds the new value. */
        SINGLE,
        /** Any number of values. A change holds the values that were added or removed. */
        SET,
        /** Any number of pairs. A change holds the pairs that were added, removed or changed. */
        MAP
    }

    static final String OPEN_VSWITCH = "Open_vSwitch";
    static final String BRIDGE = "Bridge";
    static final String PORT = "Port";
    static final String INTERFACE = "Interface";
    static final String MIRROR = "Mirror";

    /** The monitored columns, by table. */
    static final Map<String, List<Column>> MONITORED = Map.of(
            OPEN_VSWITCH, List.of(single("next_cfg"), single("cur_cfg"), single("ovs_version")),
            BRIDGE, List.of(single("name"), single("datapath_type"), set("ports"), set("mirrors")),
            PORT,
                    List.of(
                            single("name"),
                            set("interfaces"),
                            single("tag"),
                            set("trunks"),
                            single("vlan_mode"),
                            map("external_ids")),
            INTERFACE, List.of(single("name"), single("type"), single("ofport"), single("error")),
            MIRROR, List.of(single("name"), set("select_src_port"), set("select_dst_port"), single("output_port")));

    /** Returns the requests of a {@code monitor_cond} for all of them. */
    static JsonObject monitorRequests() {
        JsonObject requests = new JsonObject();
        MONITORED.forEach((table, columns) -> requests.put(
                table,
                JsonArray.of(new JsonObject()
                        .put(
                                "columns",
                                new JsonArray(columns.stream().map(Column::name).toList())))));
        return requests;
    }

    private static Column single(String name) {
        return new Column(name, Kind.SINGLE);
    }

    private static Column set(String name) {
        return new Column(name, Kind.SET);
    }

    private static Column map(String name) {
        return new Column(name, Kind.MAP);
    }
}
