// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.access;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The token that a caller shows (RFC 6750). */
public final class BearerToken {
    private static final String BEARER = "Bearer ";

    private BearerToken() {}

    /** Returns the token in a header {@code Authorization}; null for a request without this header. */
    public static Optional<String> of(@Nullable String authorization) {
        return Optional.ofNullable(authorization)
                .filter(header -> header.startsWith(BEARER))
                .map(header -> header.substring(BEARER.length()));
    }
}
