// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.http.EncodedBody;
import org.opdbus.verticles.http.WebExchange;

/**
 * A request to one resource, and its answer. For the event loop.
 *
 * @param exchange the request
 * @param variables what stands in the path for the variables of the resource, decoded
 * @param parameters those of the query
 */
record ApiRequest(WebExchange exchange, Map<String, String> variables, Parameters parameters) {
    private static final int OK = 200;
    private static final int NOT_MODIFIED = 304;
    /** What is shorter than this fits into one packet anyway. */
    private static final int COMPRESSED_MIN = 1_024;

    private static final String COMPRESSED_TAG = "-gz";

    ApiRequest {
        variables = Map.copyOf(variables);
    }

    /** Returns a variable of the path. */
    String variable(String name) {
        return variables.getOrDefault(name, "");
    }

    /** Returns whether the caller takes a compressed answer. */
    boolean takesGzip() {
        return exchange.header(HttpHeaders.ACCEPT_ENCODING)
                .filter(EncodedBody::isGzipAccepted)
                .isPresent();
    }

    /**
     * Ends the request with status 304 if the caller has the answer with this tag already. Then nothing needs to be read or encoded.
     *
     * @return whether it did
     */
    boolean endIfKnown(String tag) {
        boolean known = exchange.header(HttpHeaders.IF_NONE_MATCH)
                .filter(header -> isNamed(header, tag))
                .isPresent();
        if (known) {
            putCaching(Optional.of(tag + (takesGzip() ? COMPRESSED_TAG : "")));
            exchange.end(NOT_MODIFIED, ApiAnswer.JSON, Buffer.buffer());
        }
        return known;
    }

    /** The tags of both encodings stand for the same content (RFC 9110 section 8.8.3.3). */
    private static boolean isNamed(String header, String tag) {
        List<String> tags = List.of('"' + tag + '"', '"' + tag + COMPRESSED_TAG + '"');
        for (String each : header.split(",", -1)) {
            String named = each.strip();
            if (tags.contains(named.startsWith("W/") ? named.substring(2) : named)) {
                return true;
            }
        }
        return false;
    }

    /** Compresses an answer for {@link #end}, if that is worth while. For any thread. */
    static Optional<Buffer> compressed(ApiAnswer answer, boolean takesGzip) {
        return takesGzip && answer.body().length >= COMPRESSED_MIN
                ? Optional.of(EncodedBody.of(answer.body()).compressed())
                : Optional.empty();
    }

    /** Ends the request with an answer, which may have been compressed. */
    void end(ApiAnswer answer, Optional<Buffer> compressed) {
        putCaching(answer.tag().map(tag -> tag + (compressed.isPresent() ? COMPRESSED_TAG : "")));
        if (compressed.isPresent()) {
            exchange.put(HttpHeaders.CONTENT_ENCODING, "gzip");
        }
        exchange.end(OK, answer.type(), compressed.orElseGet(() -> Buffer.buffer(answer.body())));
    }

    /** Ends the request with a short answer. */
    void end(ApiAnswer answer) {
        end(answer, compressed(answer, takesGzip()));
    }

    /** Ends the request with a problem. */
    void end(ApiProblem problem) {
        end(exchange, problem);
    }

    /** Ends a request with a problem. */
    static void end(WebExchange exchange, ApiProblem problem) {
        exchange.put(HttpHeaders.CACHE_CONTROL, "no-store");
        exchange.end(
                problem.status(),
                ApiProblem.TYPE,
                Buffer.buffer((problem.json().encode() + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    private void putCaching(Optional<String> tag) {
        exchange.put(HttpHeaders.VARY, "Accept-Encoding");
        exchange.put(HttpHeaders.CACHE_CONTROL, "private, no-cache");
        tag.ifPresent(word -> exchange.put(HttpHeaders.ETAG, '"' + word + '"'));
    }
}
