// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.opdbus.events.ContainerId;

/**
 * A container as its mesh's server knows it, with the credential by which the host can be removed there.
 *
 * @param container the container
 * @param server the server's name
 * @param api the host, and perhaps the port, of the server's API
 * @param hostId the host's id
 * @param mac the host's hardware address as the server knows it
 * @param password the host's own password on the server; secret
 */
record MeshHost(ContainerId container, String server, String api, String hostId, String mac, String password) {
    /** The container as the server with this API knows it; empty if netclient has given it no identity yet. */
    static Optional<MeshHost> of(ContainerId container, GuestNetclient guest, String api) {
        return guest.identity()
                .map(identity -> new MeshHost(
                        container,
                        guest.serverAt(api).orElse(api),
                        api,
                        identity.hostId(),
                        identity.mac(),
                        identity.password()));
    }

    JsonObject toJson() {
        return new JsonObject()
                .put("container", container.value())
                .put("server", server)
                .put("api", api)
                .put("hostId", hostId)
                .put("mac", mac)
                .put("password", password);
    }

    static MeshHost of(JsonObject json) {
        return new MeshHost(
                new ContainerId(json.getString("container")),
                json.getString("server"),
                json.getString("api"),
                json.getString("hostId"),
                json.getString("mac"),
                json.getString("password"));
    }

    @Override
    public String toString() {
        return "host " + hostId + " (container " + container + ") on " + server;
    }
}
