// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.engine;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.json.JsonObject;

/**
 * What an engine replies to an order.
 *
 * @param status the status of HTTP
 * @param body a JSON object, which is empty for many orders
 */
public record EngineReply(int status, JsonObject body) {
    private static final int BYTES_MAX = 64 << 10;
    private static final int MESSAGE_LENGTH_MAX = 300;

    static Future<EngineReply> read(HttpClientResponse answer) {
        return EngineConnection.body(answer, BYTES_MAX).map(body -> new EngineReply(answer.statusCode(), object(body)));
    }

    private static JsonObject object(Buffer body) {
        return body.toString().isBlank() ? new JsonObject() : EngineConnection.object(body);
    }

    /** Returns why the engine refuses, in its own words: one line without control characters. */
    public String message() {
        String said = body.getValue("message") instanceof String text ? text : "";
        String line = said.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.isEmpty() ? "status " + status : line.substring(0, Math.min(line.length(), MESSAGE_LENGTH_MAX));
    }
}
