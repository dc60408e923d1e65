// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.json.JsonObject;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.opdbus.verticles.inventory.LiveInventory;

/**
 * What readers of the stream are told.
 *
 * @param events the events of this host and of its peers
 * @param figures asks for numbers about the agent; the answer comes on any thread
 */
public record StreamSources(LiveInventory inventory, EventFeed events, Supplier<Single<JsonObject>> figures) {
    /** Tells about events. */
    @FunctionalInterface
    public interface EventFeed {
        /**
         * Listens from now on until disposed of. For the event loop.
         *
         * @param line gets a JSON object with at least one key for each event, on the same event loop
         */
        Disposable listen(Consumer<String> line);
    }
}
