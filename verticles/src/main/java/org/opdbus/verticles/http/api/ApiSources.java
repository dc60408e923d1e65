// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.verticles.http.events.EventLog;
import org.opdbus.verticles.inventory.LiveInventory;

/**
 * What the resources are read from.
 *
 * @param findings examines this host; the answer comes on any thread
 */
public record ApiSources(
        LiveInventory inventory, LedgerFiles ledger, EventLog events, Supplier<Single<JsonArray>> findings) {
    /**
     * The ledger.
     *
     * @param folder its folder
     * @param key the public key of the host
     * @param signed the last checkpoint that the agent declares to be its own; empty if it writes no ledger
     */
    public record LedgerFiles(Path folder, Path key, Supplier<Optional<Checkpoint>> signed) {}
}
