// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * Why a request does not reach its face: as a line of text, or for the API as a problem document (RFC 9457).
 *
 * @param status of HTTP
 * @param title the name of the status; every refusal of this status has it
 * @param detail what is wrong with this request
 * @param remedy what the caller can do; empty if the detail says it already
 */
record RefusedRequest(int status, String title, String detail, Optional<String> remedy) {
    static final RefusedRequest MALFORMED =
            new RefusedRequest(400, "Bad Request", "the query is not well-formed", "write other characters as %XX");
    static final RefusedRequest TWO_HOSTS =
            new RefusedRequest(400, "Bad Request", "a request must have one header Host");
    static final RefusedRequest NO_TOKEN = new RefusedRequest(
            401,
            "Unauthorized",
            "this needs the token in http.tokenFile",
            "send the header \"Authorization: Bearer TOKEN\"; to see the page, sign in at /");
    static final RefusedRequest NO_CAPTURES = new RefusedRequest(
            403,
            "Forbidden",
            "captures need a token, also on a loopback address",
            "write one into http.tokenFile (umask 077; openssl rand -hex 32 > /etc/op-dbus/http.token)");
    static final RefusedRequest OTHER_SITE = new RefusedRequest(
            403,
            "Forbidden",
            "a page of another site asks, and only the agent's own page may",
            "behind a proxy, have it pass on the header Host");
    static final RefusedRequest NOT_ALLOWED =
            new RefusedRequest(405, "Method Not Allowed", "only GET and HEAD are allowed");
    static final RefusedRequest BODY = new RefusedRequest(413, "Content Too Large", "requests must not have a body");
    static final RefusedRequest LATER = new RefusedRequest(
            429,
            "Too Many Requests",
            "there were too many wrong tokens",
            "try again in a second, also with the right one");
    static final RefusedRequest FAILED = new RefusedRequest(
            500, "Internal Server Error", "the agent failed", "its log says why: journalctl -u op-dbus");

    RefusedRequest(int status, String title, String detail) {
        this(status, title, detail, Optional.empty());
    }

    RefusedRequest(int status, String title, String detail, String remedy) {
        this(status, title, detail, Optional.of(remedy));
    }

    /** The name by which a browser asked is none of the agent's. */
    static RefusedRequest misdirected(String name) {
        return new RefusedRequest(
                421,
                "Misdirected Request",
                "the agent does not know the name " + name + " for its host",
                "use an address instead, or add the name to http.hosts in the configuration and restart the agent");
    }

    static RefusedRequest notFound(String paths) {
        return new RefusedRequest(404, "Not Found", "there is nothing at this path", "there are " + paths);
    }

    void answer(RequestExchange exchange) {
        switch (status) {
            case 401 -> exchange.put("WWW-Authenticate", "Bearer");
            case 405 -> exchange.put(HttpHeaders.ALLOW, "GET, HEAD");
            case 429 -> exchange.put("Retry-After", "1");
            default -> {
                // The others have no header of their own.
            }
        }
        if (exchange.path().startsWith("/api/")) {
            exchange.end(status, "application/problem+json", problem().toBuffer());
        } else {
            exchange.end(status, "text/plain; charset=utf-8", Buffer.buffer(line()));
        }
    }

    private JsonObject problem() {
        JsonObject problem = new JsonObject()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", detail);
        remedy.ifPresent(said -> problem.put("remedy", said));
        return problem;
    }

    private String line() {
        return detail + remedy.map(said -> "; " + said).orElse("") + "\n";
    }
}
