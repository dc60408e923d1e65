// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;

/**
 * A JSON value as text. An answer of many rows is made as text at once, row by row: as objects it would take ten times the
 * memory.
 *
 * @param text the value, which nobody changes any more
 */
public record EncodedJson(Buffer text) {
    /** The answer to the request of this id, whose result is this value. */
    Buffer asAnswer(Object id) {
        return Buffer.buffer(text.length() + 64)
                .appendString("{\"id\":")
                .appendBuffer(Json.encodeToBuffer(id))
                .appendString(",\"result\":")
                .appendBuffer(text)
                .appendString(",\"error\":null}");
    }
}
