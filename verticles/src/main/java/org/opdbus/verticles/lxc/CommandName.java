// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.nio.charset.StandardCharsets;

/** The name of the abstract socket on which a container's monitor listens. */
final class CommandName {
    private static final String SUFFIX = "/command";
    /**
     * liblxc keeps two of sun_path's 108 bytes for zeros and does not use the last remaining one.
     */
    private static final int PLAIN_BYTES_MAX = 105;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private CommandName() {}

    /**
     * Returns {@code <lxcpath>/<name>/command}, or a hash of the first two parts if that is too
     * long.
     */
    static String of(String lxcPath, String name) {
        String plain = lxcPath + "/" + name + SUFFIX;
        return plain.getBytes(StandardCharsets.UTF_8).length <= PLAIN_BYTES_MAX ? plain : hashed(lxcPath, name);
    }

    private static String hashed(String lxcPath, String name) {
        long hash = FNV_OFFSET;
        for (byte b : (lxcPath + "/" + name).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return String.format("lxc/%016x%s", hash, SUFFIX);
    }

    static boolean isCommandSocket(String socket) {
        return socket.endsWith(SUFFIX);
    }

    /** Returns {@code <lxcpath>/<name>} of a command socket's name. */
    static String folder(String socket) {
        return socket.substring(0, socket.length() - SUFFIX.length());
    }
}
