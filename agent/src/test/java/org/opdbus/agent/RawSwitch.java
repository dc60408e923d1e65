// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.opdbus.agent.TestHost.sh;

import java.nio.file.Path;

/**
 * The minimum for adding a port: one transaction (RFC 7047) with the operations that the agent's own transaction has, either
 * on a connection that is open, or by one run of {@code ovsdb-client}.
 */
final class RawSwitch implements AutoCloseable {
    /** The owner is no host's agent, so that the agent of the benchmark does not take the port for one of its own. */
    private static final String ATTACH = """
            ["Open_vSwitch",
            {"op":"wait","table":"Bridge","timeout":0,"where":[["name","==","%3$s"]],
             "columns":["name"],"until":"==","rows":[{"name":"%3$s"}]},
            {"op":"wait","table":"Port","timeout":0,"where":[["name","==","%1$s"]],
             "columns":["_uuid"],"until":"==","rows":[]},
            {"op":"insert","table":"Interface","uuid-name":"row2","row":{"name":"%2$s",
             "external_ids":["map",[["attached-mac","02:00:00:00:00:01"],["iface-id","bench/eth0"],
              ["iface-status","active"],["vm-id","bench"]]]}},
            {"op":"insert","table":"Port","uuid-name":"row3","row":{"name":"%2$s",
             "tag":["set",[]],"trunks":["set",[]],"vlan_mode":["set",[]],
             "external_ids":["map",[["op-dbus:owner","bench"],["op-dbus:container","bench"],["op-dbus:link","1"],
              ["op-dbus:enrollment","bench/1/1/1"],["op-dbus:maker","agent"]]],
             "interfaces":["named-uuid","row2"]}},
            {"op":"mutate","table":"Bridge","where":[["name","==","%3$s"]],
             "mutations":[["ports","insert",["named-uuid","row3"]]]},
            {"op":"comment","comment":"op-dbus: attach %2$s to %3$s"}]""";

    private final Path socket;
    private final JsonConnection connection;

    RawSwitch(Path socket) {
        this.socket = socket;
        connection = new JsonConnection(socket);
    }

    /** Adds a port for a link that had another name before; returns when the database has accepted it. */
    void addPort(String formerName, String name) {
        String request = "{\"id\":1,\"method\":\"transact\",\"params\":" + attach(formerName, name) + "}";
        requireSuccess(connection.ask(request));
    }

    /** The same by {@code ip} and {@code ovsdb-client}, a process each, the name first. */
    void addPortByClient(String formerName, String name) {
        requireSuccess(sh(
                "sh",
                "-c",
                "ip link set \"$1\" name \"$2\" && ovsdb-client transact \"unix:$3\" \"$4\"",
                "sh",
                formerName,
                name,
                socket.toString(),
                attach(formerName, name)));
    }

    private static String attach(String formerName, String name) {
        return ATTACH.formatted(formerName, name, TestHost.BRIDGE);
    }

    /** A refused operation has a text under this key, a refused request an object. */
    private static void requireSuccess(String answer) {
        if (answer.contains("\"error\":\"") || answer.contains("\"error\":{")) {
            throw new AssertionError("ovsdb-server refused the transaction: " + answer);
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
