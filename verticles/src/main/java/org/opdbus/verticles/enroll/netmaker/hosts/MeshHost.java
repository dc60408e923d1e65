// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.hosts;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.enroll.netmaker.guest.GuestNetclient;
import org.opdbus.verticles.enroll.netmaker.guest.MeshNode;

/**
 * A container as its mesh's server knows it, with the credential by which the host can be removed there.
 *
 * @param container the container
 * @param server the server's name
 * @param api the host, and perhaps the port, of the server's API
 * @param hostId the host's id
 * @param mac the host's hardware address as the server knows it
 * @param password the host's own password on the server; secret
 * @param nodes the nodes that it was last seen with; by them the agent notices that an administrator has deleted a
 * node
 */
public record MeshHost(
        ContainerId container,
        String server,
        String api,
        String hostId,
        String mac,
        String password,
        List<MeshNode> nodes) {
    public MeshHost {
        nodes = List.copyOf(nodes);
    }

    /** The container as the server with this API knows it; empty if netclient has given it no identity yet. */
    public static Optional<MeshHost> of(ContainerId container, GuestNetclient guest, String api) {
        return guest.identity()
                .map(identity -> new MeshHost(
                        container,
                        guest.serverAt(api).orElse(api),
                        api,
                        identity.hostId(),
                        identity.mac(),
                        identity.password(),
                        guest.nodes()));
    }

    /** The same host, seen with these nodes. */
    public MeshHost with(List<MeshNode> seen) {
        return new MeshHost(container, server, api, hostId, mac, password, seen);
    }

    JsonObject toJson() {
        JsonArray places = new JsonArray();
        nodes.forEach(node -> places.add(new JsonObject()
                .put("network", node.network())
                .put("id", node.nodeId())
                .put("address", node.address())));
        return new JsonObject()
                .put("container", container.value())
                .put("server", server)
                .put("api", api)
                .put("hostId", hostId)
                .put("mac", mac)
                .put("password", password)
                .put("nodes", places);
    }

    /** Reads what {@link #toJson} wrote; a record of an earlier version has no nodes. */
    static MeshHost of(JsonObject json) {
        List<MeshNode> nodes = new ArrayList<>();
        for (Object one : json.getJsonArray("nodes", new JsonArray())) {
            JsonObject node = (JsonObject) one;
            nodes.add(new MeshNode(node.getString("network"), node.getString("id"), node.getString("address")));
        }
        return new MeshHost(
                new ContainerId(json.getString("container")),
                json.getString("server"),
                json.getString("api"),
                json.getString("hostId"),
                json.getString("mac"),
                json.getString("password"),
                nodes);
    }

    @Override
    public String toString() {
        return "host " + hostId + " (container " + container + ") on " + server;
    }
}
