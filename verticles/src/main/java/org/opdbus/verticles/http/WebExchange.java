// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;

/**
 * One request of a caller who may ask, and its answer. It is GET or HEAD, and has no body. For the event loop of the server: a route
 * that works on another thread comes back to it before it uses this.
 */
public interface WebExchange {
    /** Returns the path without the query, as it was sent. */
    String path();

    /** Returns the first value of a parameter of the query, decoded. */
    Optional<String> query(String name);

    /** Returns the first value of a header of the request. */
    Optional<String> header(CharSequence name);

    /** Returns whether the caller wants the headers of the answer only; the server omits the body by itself. */
    boolean isHead();

    /** Sets a header of the answer. */
    void put(CharSequence name, String value);

    /** Ends the request with this answer. The first answer counts; others, and those for a caller that is gone, are ignored. */
    void end(int status, String type, Buffer body);

    /**
     * Begins an answer with status 200 that the route writes piece by piece; its end ends the connection. The connection does not
     * count as a caller any more, has no limit of time, and is closed if the caller sends anything more. The route limits the number
     * of its streams and what it has written that is not sent yet.
     */
    HttpServerResponse stream(String type);

    /** Returns the request itself, for a route that makes a WebSocket of it. Such a route answers by this exchange only. */
    HttpServerRequest request();

    /** The connection has become a WebSocket: it does not count as a caller any more, and has no limits of the server's. */
    void upgraded();

    /** Ends the request with this answer, compressed if the caller takes that. */
    default void end(int status, String type, EncodedBody body) {
        put(HttpHeaders.VARY, "Accept-Encoding");
        if (header(HttpHeaders.ACCEPT_ENCODING)
                .filter(EncodedBody::isGzipAccepted)
                .isPresent()) {
            put(HttpHeaders.CONTENT_ENCODING, "gzip");
            end(status, type, body.compressed());
        } else {
            end(status, type, body.plain());
        }
    }

    /** Ends the request with a line of text. */
    default void end(int status, String line) {
        end(status, "text/plain; charset=utf-8", Buffer.buffer(line));
    }
}
