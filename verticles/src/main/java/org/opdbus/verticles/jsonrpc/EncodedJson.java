// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;

/**
 * A JSON value as text. An answer of many rows is converted to text at once, row by row, because
 * objects would take ten times the memory.
 *
 * @param text the value; it must not change any more
 */
public record EncodedJson(Buffer text) {
    /** Returns the answer to the request of this id, with this value as its result. */
    Buffer asAnswer(Object id) {
        return Buffer.buffer(text.length() + 64)
                .appendString("{\"id\":")
                .appendBuffer(Json.encodeToBuffer(id))
                .appendString(",\"result\":")
                .appendBuffer(text)
                .appendString(",\"error\":null}");
    }
}
