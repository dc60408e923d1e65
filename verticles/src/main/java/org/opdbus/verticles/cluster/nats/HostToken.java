// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a host as one token of a subject, or as a key: letters, digits, {@code -} and {@code _} as they are, every
 * other byte as {@code =} and two hexadecimal digits. Each name has one token and each token one name.
 */
public final class HostToken {
    private static final Pattern TOKEN = Pattern.compile("(?:[A-Za-z0-9_-]|=[0-9A-F]{2})+");
    private static final String PLAIN = "-_";
    private static final int HEX = 16;

    private HostToken() {}

    /** Returns the token of a host. */
    public static String of(String host) {
        StringBuilder token = new StringBuilder();
        for (byte each : host.getBytes(StandardCharsets.UTF_8)) {
            if (isPlain(each)) {
                token.append((char) each);
            } else {
                token.append('=')
                        .append(Character.toUpperCase(Character.forDigit((each >> 4) & 0xf, HEX)))
                        .append(Character.toUpperCase(Character.forDigit(each & 0xf, HEX)));
            }
        }
        return token.toString();
    }

    /** Returns the host of a token; empty if no host has this one. */
    public static Optional<String> host(String token) {
        if (!TOKEN.matcher(token).matches()) {
            return Optional.empty();
        }
        byte[] bytes = new byte[token.length()];
        int length = 0;
        for (int i = 0; i < token.length(); i++) {
            if (token.charAt(i) == '=') {
                bytes[length++] = (byte) Integer.parseInt(token.substring(i + 1, i + 3), HEX);
                i += 2;
            } else {
                bytes[length++] = (byte) token.charAt(i);
            }
        }
        String host = new String(bytes, 0, length, StandardCharsets.UTF_8);
        return of(host).equals(token) ? Optional.of(host) : Optional.empty();
    }

    private static boolean isPlain(byte each) {
        return (each >= 'a' && each <= 'z')
                || (each >= 'A' && each <= 'Z')
                || (each >= '0' && each <= '9')
                || PLAIN.indexOf(each) >= 0;
    }
}
