// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.http.access.SessionCookie;
import org.opdbus.verticles.http.access.Sessions;
import org.opdbus.verticles.http.access.TokenCheck.Answer;

/**
 * Signs a browser in and out: {@code POST /api/v1/session} with the token in {@code Authorization} begins a session, {@code DELETE} ends
 * it, and {@code GET} says whether one is needed and there. None of them has a body to read.
 */
final class SessionRoute implements WebRoute {
    static final String PATH = "/api/v1/session";
    private static final int OK = 200;
    private static final int NO_CONTENT = 204;

    private final Vertx vertx;
    private final Sessions sessions;
    private final boolean isNeeded;
    private long timer = -1;

    /**
     * Creates a route of the present event loop.
     *
     * @param isNeeded whether a caller needs the token to read
     */
    SessionRoute(Vertx vertx, Sessions sessions, boolean isNeeded) {
        this.vertx = vertx;
        this.sessions = sessions;
        this.isNeeded = isNeeded;
    }

    @Override
    public boolean answer(WebExchange exchange) {
        if (!exchange.path().equals(PATH) || !(exchange instanceof RequestExchange own)) {
            return false;
        }
        own.put(HttpHeaders.CACHE_CONTROL, "no-store");
        HttpMethod method = own.request().method();
        if (method.equals(HttpMethod.POST)) {
            signIn(own);
        } else if (method.equals(HttpMethod.DELETE)) {
            signOut(own);
        } else {
            JsonObject standing = new JsonObject()
                    .put("needed", isNeeded)
                    .put("signedIn", own.session().isPresent() || own.token() == Answer.RIGHT);
            own.end(OK, "application/json", standing.toBuffer());
        }
        return true;
    }

    private void signIn(RequestExchange exchange) {
        if (isNeeded && exchange.token() != Answer.RIGHT) {
            (exchange.token() == Answer.LATER ? RefusedRequest.LATER : RefusedRequest.NO_TOKEN).answer(exchange);
            return;
        }
        if (isNeeded) {
            // One browser has one session.
            exchange.session().ifPresent(sessions::end);
            exchange.put(HttpHeaders.SET_COOKIE, cookie(exchange.request()).set(sessions.begin(System.nanoTime())));
            endInTime();
        }
        exchange.end(NO_CONTENT, "text/plain", Buffer.buffer());
    }

    private void signOut(RequestExchange exchange) {
        exchange.session().ifPresent(sessions::end);
        exchange.put(HttpHeaders.SET_COOKIE, cookie(exchange.request()).forgotten());
        exchange.end(NO_CONTENT, "text/plain", Buffer.buffer());
    }

    private static SessionCookie cookie(HttpServerRequest request) {
        return SessionCookie.of(request.getHeader(HttpHeaders.HOST), request.isSSL());
    }

    /** Has the sessions end when their time is over, even if nothing is asked; there is at most one timer. */
    private void endInTime() {
        if (timer < 0) {
            OptionalLong nextNs = sessions.end(System.nanoTime());
            if (nextNs.isPresent()) {
                timer = vertx.setTimer(TimeUnit.NANOSECONDS.toMillis(nextNs.getAsLong()) + 1, now -> {
                    timer = -1;
                    endInTime();
                });
            }
        }
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        sessions.endAll();
    }
}
