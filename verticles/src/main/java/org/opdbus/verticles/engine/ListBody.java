// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.JsonEvent;
import io.vertx.core.parsetools.JsonEventType;
import java.util.function.Consumer;
import org.opdbus.verticles.driver.engine.EngineConnection;
import org.opdbus.verticles.driver.engine.EngineException;
import org.opdbus.verticles.driver.engine.EngineException.Reason;

/** An answer that must be a list of JSON objects, as its parser reports it. */
final class ListBody {
    private final Consumer<JsonObject> each;
    private int bytes;
    private int elements;
    private boolean begun;
    private boolean ended;

    ListBody(Consumer<JsonObject> each) {
        this.each = each;
    }

    /** So many bytes more. */
    void count(int more) {
        bytes += more;
        if (bytes > EngineLimits.LIST_BYTES_MAX) {
            throw EngineConnection.tooLong(EngineLimits.LIST_BYTES_MAX);
        }
    }

    void take(JsonEvent event) {
        if (event.type() == JsonEventType.START_ARRAY && !begun) {
            begun = true;
        } else if (event.type() == JsonEventType.END_ARRAY && begun && !ended) {
            ended = true;
        } else if (begun && !ended && event.isObject()) {
            if (++elements > EngineLimits.CONTAINERS_MAX) {
                throw new EngineException(
                        Reason.INVALID, "it lists more than " + EngineLimits.CONTAINERS_MAX + " containers");
            }
            each.accept(event.objectValue());
        } else {
            throw notAList();
        }
    }

    void end() {
        if (!ended) {
            throw notAList();
        }
    }

    private static EngineException notAList() {
        return new EngineException(Reason.INVALID, "its answer is not a list of containers");
    }
}
