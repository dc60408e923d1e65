// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import io.vertx.core.json.JsonObject;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.opdbus.verticles.http.api.InventoryJson;
import org.opdbus.verticles.http.api.LabJson;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.InventoryChange;
import org.opdbus.verticles.inventory.Peer;
import org.opdbus.verticles.inventory.SnapshotMap;

/**
 * An inventory, and the difference of two, as JSON that is made piece by piece. Who had exactly the first inventory, and puts and removes
 * what the difference says, has exactly the second.
 */
final class InventoryText {
    private InventoryText() {}

    /** Returns everything: {@code {"version", "host", "hosts": […], "containers": […], …}}. */
    static Iterator<String> snapshot(Inventory now) {
        String host = now.host().name();
        JsonObject own = InventoryJson.host(now.host());
        TextChain text = new TextChain().text("{\"version\":" + now.version() + ",\"host\":" + own.encode());
        // Of a host with many containers no more is held at once than its own.
        Stream<JsonObject> containers = Stream.concat(
                objects(now.containers(), InventoryJson::container, host),
                now.peers().values().stream().flatMap(peer -> PeerDifference.containers(peer).values().stream()));
        all(
                text,
                "hosts",
                Stream.concat(Stream.of(own), now.peers().values().stream().map(InventoryJson::peer)));
        all(text, "containers", containers);
        all(text, "bridges", objects(now.bridges(), InventoryJson::bridge, host));
        all(text, "ports", objects(now.ports(), InventoryJson::port, host));
        all(text, "links", objects(now.links(), InventoryJson::link, host));
        all(text, "labs", objects(now.labs(), LabJson::of, host));
        return text.text("}");
    }

    private static void all(TextChain text, String name, Stream<JsonObject> objects) {
        text.text(",\"" + name + "\":").list(objects.map(JsonObject::encode).iterator());
    }

    private static <K, V> Stream<JsonObject> objects(
            SnapshotMap<K, V> map, BiFunction<V, String, JsonObject> json, String host) {
        return map.values().stream().map(value -> json.apply(value, host));
    }

    /** Returns what differs: {@code {"from", "to", "host", "containers": {"put": […], "gone": […]}, …}}, without what is the same. */
    static Iterator<String> change(Inventory before, Inventory after) {
        InventoryChange change = new InventoryChange(before, after);
        Difference hosts = new Difference();
        Difference containers = new Difference();
        TextChain text = new TextChain().text("{\"from\":" + before.version() + ",\"to\":" + after.version());
        if (!before.host().equals(after.host())) {
            JsonObject host = InventoryJson.host(after.host());
            text.text(",\"host\":" + host.encode());
            hosts.put(() -> host);
        }
        for (String name : change.peers()) {
            Optional<Peer> peer = after.peers().get(name);
            peer.ifPresentOrElse(is -> hosts.put(() -> InventoryJson.peer(is)), () -> hosts.gone(name));
            containers.add(PeerDifference.of(before.peers().get(name), peer));
        }
        String host = after.host().name();
        containers.add(change.containers(), after.containers(), value -> InventoryJson.container(value, host), host);
        hosts.appendTo(text, "hosts");
        containers.appendTo(text, "containers");
        new Difference()
                .add(change.bridges(), after.bridges(), value -> InventoryJson.bridge(value, host), host)
                .appendTo(text, "bridges");
        new Difference()
                .add(change.ports(), after.ports(), value -> InventoryJson.port(value, host), host)
                .appendTo(text, "ports");
        new Difference()
                .add(change.links(), after.links(), value -> InventoryJson.link(value, host), host)
                .appendTo(text, "links");
        new Difference()
                .add(change.labs(), after.labs(), value -> LabJson.of(value, host), host)
                .appendTo(text, "labs");
        return text.text("}");
    }
}
