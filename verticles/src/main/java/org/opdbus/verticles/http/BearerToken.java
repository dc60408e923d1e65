// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** The token that a caller shows (RFC 6750). */
final class BearerToken {
    private static final String BEARER = "Bearer ";

    private BearerToken() {}

    /** Returns the token in the header {@code Authorization}. */
    static Optional<String> of(HttpServerRequest request) {
        return Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
                .filter(header -> header.startsWith(BEARER))
                .map(header -> header.substring(BEARER.length()));
    }

    /** Returns whether the caller shows this token. Takes as long for a wrong token as for the right one. */
    static boolean isRight(Optional<String> shown, String token) {
        return shown.map(text -> text.getBytes(StandardCharsets.UTF_8))
                .filter(bytes -> MessageDigest.isEqual(bytes, token.getBytes(StandardCharsets.UTF_8)))
                .isPresent();
    }
}
