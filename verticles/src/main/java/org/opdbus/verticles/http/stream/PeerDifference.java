// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.http.api.PeerContainers;
import org.opdbus.verticles.inventory.Peer;

/**
 * What is different in the containers of another host. A host may send two texts about one container; the first counts.
 *
 * @param put the containers that are new or different
 * @param gone the keys of those that are no longer there
 */
record PeerDifference(List<JsonObject> put, List<String> gone) {
    static final String KEY = "key";

    PeerDifference {
        put = List.copyOf(put);
        gone = List.copyOf(gone);
    }

    /** Compares a host with what it was; empty where it was not there, or is not. */
    static PeerDifference of(Optional<Peer> before, Optional<Peer> after) {
        List<String> was = before.map(Peer::containers).orElse(List.of());
        List<String> is = after.map(Peer::containers).orElse(List.of());
        if (was.equals(is)) {
            return new PeerDifference(List.of(), List.of());
        }
        Map<String, JsonObject> old = before.map(PeerDifference::containers).orElse(Map.of());
        Map<String, JsonObject> now = after.map(PeerDifference::containers).orElse(Map.of());
        List<JsonObject> put = new ArrayList<>();
        now.forEach((key, container) -> {
            if (!container.equals(old.get(key))) {
                put.add(container);
            }
        });
        return new PeerDifference(
                put, old.keySet().stream().filter(key -> !now.containsKey(key)).toList());
    }

    /** Returns the containers of a host by key, in its order. */
    static Map<String, JsonObject> containers(Peer peer) {
        Map<String, JsonObject> containers = new LinkedHashMap<>();
        for (String text : peer.containers()) {
            PeerContainers.read(peer.host(), text)
                    .ifPresent(container -> containers.putIfAbsent(container.getString(KEY), container));
        }
        return containers;
    }
}
