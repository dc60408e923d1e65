// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.http.WebFace.Audience;
import org.opdbus.verticles.http.access.BearerToken;
import org.opdbus.verticles.http.access.HostNames;
import org.opdbus.verticles.http.access.OtherSites;
import org.opdbus.verticles.http.access.SessionCookie;
import org.opdbus.verticles.http.access.Sessions;
import org.opdbus.verticles.http.access.Sessions.Session;
import org.opdbus.verticles.http.access.TokenCheck;
import org.opdbus.verticles.http.access.TokenCheck.Answer;

/**
 * Checks every request before it reaches a face. A request with the right token comes from a program or a person who has it; any other
 * request may have been made by a page of another site in somebody's browser, so the names and sites of browsers are checked too. For
 * the event loop of the server.
 */
final class Admission {
    private final HttpOptions options;
    private final HostNames names;
    private final TokenCheck tokens;
    private final Sessions sessions;

    Admission(HttpOptions options, Sessions sessions) {
        this.options = options;
        this.sessions = sessions;
        names = new HostNames(options.names());
        tokens = new TokenCheck(options.captureToken(), System.nanoTime());
    }

    /** Takes another token, or that there is none any more, and ends what the former one has opened. */
    void replaceToken(Optional<String> token) {
        tokens.replace(token);
        sessions.endAll();
    }

    /** Returns why a request is refused; empty if its face may answer. Tells the exchange what it has found. */
    Optional<RefusedRequest> refusal(Optional<WebFace> face, RequestExchange exchange) {
        HttpServerRequest request = exchange.request();
        Optional<String> shown = face.flatMap(each -> each.paths().token(exchange.path()))
                .or(() -> BearerToken.of(request.getHeader(HttpHeaders.AUTHORIZATION)));
        Answer token =
                tokens.check(shown, String.valueOf(request.remoteAddress().hostAddress()), System.nanoTime());
        exchange.checked(token);
        return ofBrowser(exchange, token)
                .or(() -> ofAccess(face.map(WebFace::audience).orElse(Audience.READERS), exchange, token))
                .or(() -> ofForm(face.map(WebFace::writes).orElse(List.of()), exchange));
    }

    private Optional<RefusedRequest> ofBrowser(RequestExchange exchange, Answer token) {
        HttpServerRequest request = exchange.request();
        List<String> hosts = request.headers().getAll(HttpHeaders.HOST);
        if (hosts.size() > 1) {
            return Optional.of(RefusedRequest.TWO_HOSTS);
        }
        // A request without one is not of a browser.
        if (token == Answer.RIGHT || hosts.isEmpty()) {
            return Optional.empty();
        }
        if (!names.has(hosts.get(0))) {
            return Optional.of(RefusedRequest.misdirected(HostNames.shown(hosts.get(0))));
        }
        return OtherSites.isAsking(request.headers(), isRead(exchange))
                ? Optional.of(RefusedRequest.OTHER_SITE)
                : Optional.empty();
    }

    private Optional<RefusedRequest> ofAccess(Audience audience, RequestExchange exchange, Answer token) {
        Optional<Session> session = options.token().isPresent() ? session(exchange.request()) : Optional.empty();
        session.ifPresent(exchange::signedIn);
        exchange.allowedBy(token == Answer.RIGHT ? Optional.of(sessions.ofToken()) : session);
        boolean isAllowed = switch (audience) {
            case EVERYONE -> true;
            case READERS -> options.token().isEmpty() || token == Answer.RIGHT || session.isPresent();
            case TOKEN_HOLDERS -> !tokens.hasToken() || token == Answer.RIGHT;
        };
        if (!isAllowed) {
            return Optional.of(token == Answer.LATER ? RefusedRequest.LATER : RefusedRequest.NO_TOKEN);
        }
        return audience == Audience.TOKEN_HOLDERS && !tokens.hasToken()
                ? Optional.of(RefusedRequest.NO_CAPTURES)
                : Optional.empty();
    }

    private Optional<Session> session(HttpServerRequest request) {
        return SessionCookie.of(request.getHeader(HttpHeaders.HOST), request.isSSL())
                .ids(request.headers().getAll(HttpHeaders.COOKIE))
                .stream()
                .flatMap(id -> sessions.find(id, System.nanoTime()).stream())
                .findFirst();
    }

    private static Optional<RefusedRequest> ofForm(List<HttpMethod> writes, RequestExchange exchange) {
        if (!isRead(exchange) && !writes.contains(exchange.request().method())) {
            return Optional.of(RefusedRequest.NOT_ALLOWED);
        }
        if (exchange.hasBody()) {
            return Optional.of(RefusedRequest.BODY);
        }
        return exchange.isQueryReadable() ? Optional.empty() : Optional.of(RefusedRequest.MALFORMED);
    }

    private static boolean isRead(RequestExchange exchange) {
        return exchange.isHead() || exchange.request().method().equals(HttpMethod.GET);
    }
}
