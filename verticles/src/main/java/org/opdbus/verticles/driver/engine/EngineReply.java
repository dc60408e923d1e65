// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.engine;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.json.JsonObject;
import java.util.regex.Pattern;

/**
 * What an engine replies to an order.
 *
 * @param status the status of HTTP
 * @param body a JSON object, which is empty for many orders
 */
public record EngineReply(int status, JsonObject body) {
    private static final int BYTES_MAX = 64 << 10;
    private static final int MESSAGE_LENGTH_MAX = 300;
    private static final Pattern UNSHOWN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+");

    static Future<EngineReply> read(HttpClientResponse answer) {
        return EngineConnection.body(answer, BYTES_MAX).map(body -> new EngineReply(answer.statusCode(), object(body)));
    }

    private static JsonObject object(Buffer body) {
        return body.toString().isBlank() ? new JsonObject() : EngineConnection.object(body);
    }

    /** Returns why the engine refuses, in its own words: one line without characters that a terminal obeys. */
    public String message() {
        String said = body.getValue("message") instanceof String text ? text : "";
        String line = UNSHOWN.matcher(said).replaceAll(" ").strip();
        if (line.isEmpty()) {
            return "status " + status;
        }
        int length = line.codePointCount(0, line.length());
        return line.substring(0, line.offsetByCodePoints(0, Math.min(length, MESSAGE_LENGTH_MAX)));
    }
}
