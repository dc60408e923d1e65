// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.netty.channel.Channel;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import org.opdbus.verticles.http.access.Sessions.Session;
import org.opdbus.verticles.http.access.TokenCheck.Answer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request of one of the callers; its answer counts in their budget. */
final class RequestExchange implements WebExchange {
    private static final Logger LOG = LoggerFactory.getLogger(RequestExchange.class);

    private static final String CONTENT_SECURITY_POLICY = "Content-Security-Policy";

    private final HttpServerRequest request;
    private final Callers callers;
    private Answer token = Answer.NONE;
    private Optional<Session> session = Optional.empty();
    private Optional<Session> allowance = Optional.empty();

    RequestExchange(HttpServerRequest request, Callers callers) {
        this.request = request;
        this.callers = callers;
    }

    @Override
    public String path() {
        return request.path();
    }

    @Override
    public Optional<String> query(String name) {
        return Optional.ofNullable(request.getParam(name));
    }

    @Override
    public Optional<String> header(CharSequence name) {
        return Optional.ofNullable(request.getHeader(name));
    }

    @Override
    public boolean isHead() {
        return request.method().equals(HttpMethod.HEAD);
    }

    @Override
    public HttpServerRequest request() {
        return request;
    }

    @Override
    public void put(CharSequence name, String value) {
        request.response().putHeader(name, value);
    }

    /** Keeps what the check of the token has found. */
    void checked(Answer found) {
        token = found;
    }

    Answer token() {
        return token;
    }

    /** The caller is allowed to ask by this session. */
    void signedIn(Session found) {
        session = Optional.of(found);
    }

    /** What this request opens ends with this session. */
    void allowedBy(Optional<Session> found) {
        allowance = found;
    }

    Optional<Session> session() {
        return session;
    }

    boolean hasBody() {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return request.headers().contains(HttpHeaders.TRANSFER_ENCODING) || (length != null && !length.equals("0"));
    }

    /** Returns whether the parameters of the query can be decoded; the other methods rely on it. */
    boolean isQueryReadable() {
        try {
            return request.params() != null;
        } catch (IllegalArgumentException malformed) {
            LOG.debug("a query is not well-formed: {}", malformed.getMessage());
            return false;
        }
    }

    /**
     * Sends the answer, and admits the caller's next request when the caller has read the answer. The answer to a request with a body
     * is the last of its connection.
     */
    @Override
    public void end(int status, String type, Buffer body) {
        HttpServerResponse response = request.response();
        Callers.Caller caller = callers.of(request.connection());
        if (caller == null || response.ended() || response.closed()) {
            return;
        }
        if (!caller.share().take(body.length())) {
            caller.gate().close();
            return;
        }
        guard(response.putHeader(HttpHeaders.CONTENT_TYPE, type));
        boolean isLast = hasBody();
        if (isLast) {
            // The body is not read, so no other answer is possible.
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        response.setStatusCode(status).end(body).onComplete(taken -> {
            caller.share().give(body.length());
            if (taken.succeeded()) {
                if (isLast) {
                    caller.gate().endAfterAnswer();
                } else {
                    caller.gate().answered();
                }
            } else {
                LOG.debug(
                        "a caller disconnected before its answer: {}",
                        taken.cause().toString());
            }
        });
    }

    @Override
    public HttpServerResponse stream(String type) {
        RequestGate gate = callers.stream(request.connection());
        if (gate != null) {
            // The session ends the stream with it, and does not end for being idle while the stream goes on.
            allowance.ifPresent(allowed -> {
                Runnable end = gate::close;
                allowed.use(end);
                request.connection().closeHandler(closed -> allowed.release(end, System.nanoTime()));
            });
        }
        return guard(request.response().putHeader(HttpHeaders.CONTENT_TYPE, type))
                .setChunked(true)
                .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }

    /** Tells a browser to take the answer for nothing else than it says it is, and to give it to no other site. */
    private static HttpServerResponse guard(HttpServerResponse response) {
        if (!response.headers().contains(CONTENT_SECURITY_POLICY)) {
            response.putHeader(CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
        }
        return response.putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cross-Origin-Resource-Policy", "same-origin");
    }

    @Override
    public void upgraded() {
        Channel channel = callers.leave(request.connection());
        allowance.ifPresent(allowed -> {
            Runnable end = () -> {
                var unused = channel.close();
            };
            allowed.use(end);
            channel.closeFuture().addListener(closed -> allowed.release(end, System.nanoTime()));
        });
    }
}
