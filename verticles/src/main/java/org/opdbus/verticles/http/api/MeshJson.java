// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** A mesh, made of what its containers say of it. A container that is in no network yet counts to the one without a name. */
final class MeshJson {
    private final String network;
    private final JsonArray containers = new JsonArray();
    private int joined;

    MeshJson(String network) {
        this.network = network;
    }

    /** Returns the network of a container; empty if the container shall be in no mesh. */
    static Optional<String> networkOf(JsonObject container) {
        return Optional.ofNullable(container.getJsonObject("mesh")).map(mesh -> mesh.getString("network", ""));
    }

    void add(JsonObject container) {
        JsonObject mesh = container.getJsonObject("mesh");
        boolean isJoined = mesh.getBoolean("joined");
        joined += isJoined ? 1 : 0;
        containers.add(new JsonObject()
                .put("key", container.getString("key"))
                .put("host", container.getString("host"))
                .put("id", container.getString("id"))
                .put("name", container.getString("name"))
                .put("joined", isJoined)
                .put("phase", mesh.getString("phase", ""))
                .put("address", mesh.getString("address", ""))
                .put("reason", mesh.getString("reason", ""))
                .put("remedy", mesh.getString("remedy", "")));
    }

    JsonObject json() {
        return new JsonObject()
                .put("key", network)
                .put("network", network)
                .put("joined", joined)
                .put("containers", containers);
    }
}
