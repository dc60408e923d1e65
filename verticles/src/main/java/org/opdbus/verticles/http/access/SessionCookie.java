// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.access;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The cookie that holds the id of a session (RFC 6265). Scripts cannot read it, and no other site can have it sent.
 *
 * @param name has the port that the browser uses, because cookies do not know ports: behind forwarded ports of one host there may be
 * several agents
 * @param isSecure whether the browser may send it over TLS only
 */
public record SessionCookie(String name, boolean isSecure) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{43}");
    /** A page of a sibling site may add cookies of the same name; a few are looked at. */
    private static final int CANDIDATES_MAX = 4;

    private static final Pattern PORT = Pattern.compile(".*:([0-9]{1,5})");

    /** Returns the cookie of a server that a browser asks by this header {@code Host}. */
    public static SessionCookie of(@Nullable String host, boolean isSecure) {
        Matcher port = PORT.matcher(host == null ? "" : host);
        String number = port.matches() ? port.group(1) : isSecure ? "443" : "80";
        // The prefix has the browser check the attributes of the cookie.
        return new SessionCookie((isSecure ? "__Host-" : "") + "op-dbus-session-" + number, isSecure);
    }

    /** Returns the ids in the headers {@code Cookie} of a request. */
    public List<String> ids(List<String> headers) {
        return headers.stream()
                .flatMap(header -> Stream.of(header.split(";", -1)))
                .map(String::strip)
                .filter(each -> each.startsWith(name + "="))
                .map(each -> each.substring(name.length() + 1))
                .filter(value -> ID.matcher(value).matches())
                .limit(CANDIDATES_MAX)
                .toList();
    }

    /** Returns the header {@code Set-Cookie} that gives a browser an id. The browser forgets it when it is closed. */
    public String set(String id) {
        return name + "=" + id + "; Path=/; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "");
    }

    /** Returns the header {@code Set-Cookie} that has a browser forget the id. */
    public String forgotten() {
        return set("") + "; Max-Age=0";
    }
}
