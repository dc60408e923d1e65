// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.json.JsonArray;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.verticles.inventory.LiveInventory;

/**
 * What the resources are read from.
 *
 * @param findings examines this host; the answer comes on any thread
 */
public record ApiSources(
        LiveInventory inventory, LedgerFiles ledger, EventFeed events, Supplier<Single<JsonArray>> findings) {
    /**
     * The ledger.
     *
     * @param folder its folder
     * @param key the public key of the host
     * @param signed the last checkpoint that the agent declares to be its own; empty if it writes no ledger
     */
    public record LedgerFiles(Path folder, Path key, Supplier<Optional<Checkpoint>> signed) {}

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
