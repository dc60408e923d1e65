// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.opdbus.verticles.inventory.Inventory;

/** The lists of the inventory that callers can ask for. */
enum InventoryPart {
    HOSTS {
        @Override
        List<String> filters() {
            return List.of();
        }

        @Override
        List<Object> origins(Inventory now) {
            return List.of(now.host(), now.peers());
        }

        @Override
        Stream<JsonObject> objects(Inventory now) {
            return Stream.concat(
                    Stream.of(InventoryJson.host(now.host())),
                    now.peersByName().stream().map(InventoryJson::peer));
        }
    },
    CONTAINERS {
        @Override
        List<String> filters() {
            return List.of("host", "kind", "state", "bridge");
        }

        @Override
        List<Object> origins(Inventory now) {
            return containerOrigins(now);
        }

        @Override
        Stream<JsonObject> objects(Inventory now) {
            return Stream.concat(
                    now.containersById().stream().map(each -> InventoryJson.container(each, hostOf(now))),
                    now.peersByName().stream().flatMap(peer -> PeerContainers.of(peer).all().stream()));
        }
    },
    BRIDGES {
        @Override
        List<String> filters() {
            return List.of("host");
        }

        @Override
        List<Object> origins(Inventory now) {
            return List.of(now.bridges());
        }

        @Override
        Stream<JsonObject> objects(Inventory now) {
            return now.bridges().values().stream().map(each -> InventoryJson.bridge(each, hostOf(now)));
        }
    },
    PORTS {
        @Override
        List<String> filters() {
            return List.of("host", "bridge", "container");
        }

        @Override
        List<Object> origins(Inventory now) {
            return List.of(now.ports());
        }

        @Override
        Stream<JsonObject> objects(Inventory now) {
            return now.ports().values().stream().map(each -> InventoryJson.port(each, hostOf(now)));
        }
    },
    LINKS {
        @Override
        List<String> filters() {
            return List.of("host", "kind");
        }

        @Override
        List<Object> origins(Inventory now) {
            return List.of(now.links());
        }

        @Override
        Stream<JsonObject> objects(Inventory now) {
            return now.links().values().stream().map(each -> InventoryJson.link(each, hostOf(now)));
        }
    },
    MESHES {
        @Override
        List<String> filters() {
            return List.of();
        }

        @Override
        List<Object> origins(Inventory now) {
            return containerOrigins(now);
        }

        @Override
        Stream<JsonObject> objects(Inventory now) {
            TreeMap<String, MeshJson> meshes = new TreeMap<>();
            CONTAINERS
                    .objects(now)
                    .forEach(container -> MeshJson.networkOf(container)
                            .ifPresent(network -> meshes.computeIfAbsent(network, MeshJson::new)
                                    .add(container)));
            return meshes.values().stream().map(MeshJson::json);
        }
    },
    LABS {
        @Override
        List<String> filters() {
            return List.of("host");
        }

        @Override
        List<Object> origins(Inventory now) {
            return List.of(now.labs());
        }

        @Override
        Stream<JsonObject> objects(Inventory now) {
            return now.labsByName().stream().map(each -> LabJson.of(each, hostOf(now)));
        }
    };

    /** Returns its name in paths. */
    String word() {
        return InventoryJson.word(this);
    }

    /** Returns the keys of its objects by whose values they can be selected. */
    abstract List<String> filters();

    /** Returns whether each of its objects is on a host, whose name its key begins with. */
    boolean isOfHosts() {
        return this != HOSTS && this != MESHES;
    }

    /** Returns what its objects are made from: as long as these are the same objects, its own are equal. */
    abstract List<Object> origins(Inventory now);

    /** Makes its objects. */
    abstract Stream<JsonObject> objects(Inventory now);

    /** A heartbeat of a peer changes nothing of its containers. */
    private static List<Object> containerOrigins(Inventory now) {
        List<Object> origins = new ArrayList<>();
        origins.add(now.containers());
        now.peersByName().forEach(peer -> origins.add(peer.containers()));
        return origins;
    }

    private static String hostOf(Inventory now) {
        return now.host().name();
    }

    /**
     * Returns how many containers of other hosts are not shown: there are too many, or what was heard of them cannot be read.
     *
     * @param read how many of them can be read
     */
    static long leftOut(Inventory now, long read) {
        return now.peers().values().stream()
                        .mapToLong(peer -> peer.leftOut() + peer.containers().size())
                        .sum()
                - read;
    }
}
