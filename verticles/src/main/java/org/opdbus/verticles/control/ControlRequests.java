// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.control;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Consumer;

/** The requests that the control socket answers. */
@FunctionalInterface
public interface ControlRequests {
    /**
     * Answers a request. Called on an event loop, so it must not block.
     *
     * @param progress receives progress messages, from any thread, until the answer
     * @return the answer, a JSON value, from any thread; the message of a failure is for people.
     * Empty if there is no such method
     */
    Optional<Single<Object>> request(String method, JsonArray params, Consumer<JsonObject> progress);
}
