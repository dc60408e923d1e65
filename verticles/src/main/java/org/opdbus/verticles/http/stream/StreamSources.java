// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;
import org.opdbus.verticles.http.events.EventLog;
import org.opdbus.verticles.inventory.LiveInventory;

/**
 * What readers of the stream are told.
 *
 * @param events the events of this host and of its peers
 * @param figures asks for numbers about the agent; the answer comes on any thread
 */
public record StreamSources(LiveInventory inventory, EventLog events, Supplier<Single<JsonObject>> figures) {}
