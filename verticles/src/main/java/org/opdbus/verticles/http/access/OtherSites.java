// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.access;

import io.vertx.core.MultiMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the requests that a page of another site makes in a person's browser. Browsers say so themselves: in {@code Sec-Fetch-Site}
 * (W3C, Fetch Metadata), and in {@code Origin} (RFC 6454).
 */
public final class OtherSites {
    private static final Set<String> OWN = Set.of("same-origin", "none");

    private OtherSites() {}

    /**
     * Returns whether another site asks.
     *
     * @param isRead whether the request only reads; then a link on another site may lead here
     */
    public static boolean isAsking(MultiMap headers, boolean isRead) {
        String site = headers.get("Sec-Fetch-Site");
        if (site != null && !OWN.contains(site) && !(isRead && isFollowedLink(headers))) {
            return true;
        }
        String origin = headers.get("Origin");
        return origin != null && !isOwn(origin, headers.get("Host"));
    }

    private static boolean isFollowedLink(MultiMap headers) {
        return "navigate".equals(headers.get("Sec-Fetch-Mode")) && "document".equals(headers.get("Sec-Fetch-Dest"));
    }

    private static boolean isOwn(String origin, @Nullable String host) {
        int scheme = origin.indexOf("://");
        return scheme > 0 && origin.substring(scheme + "://".length()).equalsIgnoreCase(host);
    }
}
