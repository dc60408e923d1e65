// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.control;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Consumer;

/** What the control socket can be asked. */
@FunctionalInterface
public interface ControlRequests {
    /**
     * Answers a request; called on an event loop, so it must not wait.
     *
     * @param progress hears what is said on the way, from any thread, until the answer
     * @return the answer, a JSON value, given on any thread; a failure's message is for people. Empty if there is no such
     *     method
     */
    Optional<Single<Object>> request(String method, JsonArray params, Consumer<JsonObject> progress);
}
