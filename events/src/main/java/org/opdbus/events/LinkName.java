// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.nio.charset.StandardCharsets;

/**
 * The name of a kernel link: 1 to 15 bytes of UTF-8 without a slash, colon or white space, and not {@code .} or {@code ..}
 * ({@code dev_valid_name} in the kernel's net/core/dev.c).
 */
public record LinkName(String value) implements Comparable<LinkName> {
    /** The largest number of bytes in a name: IFNAMSIZ without its closing zero. */
    public static final int BYTES_MAX = 15;

    public LinkName {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not a link name: \"" + value + "\" (1 to " + BYTES_MAX
                    + " bytes, no slash, colon or white space)");
        }
    }

    /** Returns whether the kernel accepts this as the name of a link. */
    public static boolean isValid(String value) {
        int length = value.length();
        // A character takes at least one byte, so only short names are encoded.
        if (length < 1 || length > BYTES_MAX || value.equals(".") || value.equals("..")) {
            return false;
        }
        boolean ascii = true;
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c == '/' || c == ':' || c == 0 || Character.isWhitespace(c)) {
                return false;
            }
            ascii &= c < 128;
        }
        return ascii || value.getBytes(StandardCharsets.UTF_8).length <= BYTES_MAX;
    }

    @Override
    public int compareTo(LinkName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
