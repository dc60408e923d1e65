// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.opdbus.verticles.http.api.InventoryJson;
import org.opdbus.verticles.inventory.SnapshotMap;

/** What differs in the objects of one kind. The JSON of an object is made when it is written. For one thread. */
final class Difference {
    private final List<Supplier<JsonObject>> put = new ArrayList<>();
    private final List<String> gone = new ArrayList<>();

    /** An object that is new or different. */
    void put(Supplier<JsonObject> object) {
        put.add(object);
    }

    /** The key of an object that is no longer there. */
    void gone(String key) {
        gone.add(key);
    }

    /** Adds objects of this host. */
    <K, V> Difference add(Collection<K> changed, SnapshotMap<K, V> now, Function<V, JsonObject> json, String host) {
        for (K id : changed) {
            Optional<V> value = now.get(id);
            value.ifPresentOrElse(is -> put(() -> json.apply(is)), () -> gone(InventoryJson.key(host, id)));
        }
        return this;
    }

    /** Adds containers of another host. */
    void add(PeerDifference difference) {
        difference.put().forEach(container -> put(() -> container));
        gone.addAll(difference.gone());
    }

    /** Writes it as a member of an object, unless nothing differs. */
    void appendTo(TextChain text, String name) {
        if (!put.isEmpty() || !gone.isEmpty()) {
            text.text(",\"" + name + "\":{\"put\":")
                    .list(put.stream().map(object -> object.get().encode()).iterator())
                    .text(",\"gone\":")
                    .list(gone.stream().map(Json::encode).iterator())
                    .text("}");
        }
    }
}
