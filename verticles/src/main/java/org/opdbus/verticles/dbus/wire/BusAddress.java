// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

import io.vertx.core.net.SocketAddress;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** The address of a message bus (section "Server Addresses"): {@code unix:path=FILE} or {@code unix:abstract=NAME}. */
public final class BusAddress {
    private BusAddress() {}

    /**
     * Returns the socket of a bus.
     *
     * @throws IllegalArgumentException if the address has another form, saying which forms there are
     */
    public static SocketAddress parse(String address) {
        if (address.startsWith("unix:")) {
            for (String pair : address.substring("unix:".length()).split(",", -1)) {
                if (pair.startsWith("path=/")) {
                    return SocketAddress.domainSocketAddress(unescape(pair.substring("path=".length())));
                }
                if (pair.startsWith("abstract=") && pair.length() > "abstract=".length()) {
                    return SocketAddress.domainSocketAddress("\0" + unescape(pair.substring("abstract=".length())));
                }
            }
        }
        throw new IllegalArgumentException("\"" + address
                + "\" is no bus address that can be used; it must be unix:path=FILE or unix:abstract=NAME");
    }

    private static String unescape(String value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '%' && i + 2 < value.length()) {
                bytes.write(Integer.parseInt(value.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.writeBytes(String.valueOf(c).getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
