// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The answer to a request.
 *
 * @param tag what the answer is made from, as a word: as long as it is the same, the answer is; empty if that is not known
 */
// A carrier that is never compared; a list of bytes would cost a copy.
@SuppressWarnings("ArrayRecordComponent")
record ApiAnswer(String type, byte[] body, Optional<String> tag) {
    static final String JSON = "application/json";

    static ApiAnswer of(JsonObject json) {
        return of(json.encode(), Optional.empty());
    }

    /** Returns an answer with this JSON text. */
    static ApiAnswer of(String json, Optional<String> tag) {
        return new ApiAnswer(JSON, (json + "\n").getBytes(StandardCharsets.UTF_8), tag);
    }

    ApiAnswer tagged(String word) {
        return new ApiAnswer(type, body, Optional.of(word));
    }
}
