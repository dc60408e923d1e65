// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Requests of a real kernel, protocol 7.45. */
public enum FuseRequests {
    INIT,
    LOOKUP,
    GETATTR,
    SETATTR,
    READLINK,
    SYMLINK,
    MKNOD,
    MKDIR,
    OPEN,
    READ,
    STATFS,
    RELEASE,
    GETXATTR,
    OPENDIR,
    RELEASEDIR,
    POLL,
    READDIRPLUS,
    LSEEK,
    FORGET;

    private final String hex = line(name());

    /** Returns the request in memory of its own. */
    public ByteBuffer buffer() {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex)).order(ByteOrder.nativeOrder());
    }

    private static String line(String name) {
        try (InputStream file =
                requireNonNull(FuseRequests.class.getResourceAsStream("/linux-6.18/fuse-requests.txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> line.startsWith(name + " "))
                    .findFirst()
                    .orElseThrow()
                    .substring(name.length() + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
