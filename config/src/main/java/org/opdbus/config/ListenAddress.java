// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.config.json.JsonValues;

/**
 * An address to listen on.
 *
 * @param host an IPv4 address, an IPv6 address without its brackets, or a host name
 * @param port 0 lets the kernel choose
 */
public record ListenAddress(String host, int port) {
    private static final int PORT_MAX = 65_535;
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,252}|[0-9A-Fa-f:.]{2,45}");
    private static final Pattern WRITTEN =
            Pattern.compile("(?:\\[(?<six>[0-9A-Fa-f:.]+)]|(?<other>[^:\\[\\]]+)):(?<port>[0-9]{1,5})");

    public ListenAddress {
        if (!HOST.matcher(host).matches() || port < 0 || port > PORT_MAX) {
            throw refused(host + ":" + port);
        }
    }

    /**
     * Reads {@code 127.0.0.1:8080}, {@code [::1]:8080} or {@code localhost:8080}.
     *
     * @throws IllegalArgumentException if the text is not an address
     */
    public static ListenAddress parse(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group("port")) > PORT_MAX) {
            throw refused(text);
        }
        String six = matcher.group("six");
        return new ListenAddress(six == null ? matcher.group("other") : six, Integer.parseInt(matcher.group("port")));
    }

    /** Returns whether only this host can reach it. */
    public boolean isLoopback() {
        return host.startsWith("127.") || host.equals("::1") || host.equals("localhost");
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    private static IllegalArgumentException refused(String text) {
        return new IllegalArgumentException("must be an address and a port of 0 to " + PORT_MAX
                + " (127.0.0.1:8080, [::1]:8080), is " + JsonValues.shown(text));
    }
}
