// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * The processes that are connected to a unix socket on which this process listens, as the kernel recorded them when they connected
 * (unix(7), SO_PEERCRED). Java's own channels tell the user of the other side, and not its process.
 */
public final class UnixPeers {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int AF_UNIX = 1;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;
    private static final int UCRED_BYTES = 12;
    /** {@code struct sockaddr_un}. */
    private static final int ADDRESS_BYTES = 110;

    private static final int FAMILY_BYTES = 2;

    private UnixPeers() {}

    /**
     * Returns the numbers of the processes that are connected to this socket. One that has ended since can still be among them.
     *
     * @param socket as it was given to bind(2)
     */
    public static Set<Long> of(Path socket) throws IOException {
        Set<Long> peers = new HashSet<>();
        try (DirectoryStream<Path> open = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : open) {
                int fd = Integer.parseInt(String.valueOf(descriptor.getFileName()));
                if (path(fd).equals(socket.toString())) {
                    long peer = peer(fd);
                    // The socket that listens has this process itself for its peer.
                    if (peer > 0 && peer != ProcessHandle.current().pid()) {
                        peers.add(peer);
                    }
                }
            }
        }
        return peers;
    }

    /** Returns the path to which a descriptor is bound; empty if it is no unix socket, or not bound to a path. */
    private static String path(int fd) {
        byte[] address = new byte[ADDRESS_BYTES];
        int[] length = {address.length};
        if (FileCalls.LIBC.getsockname(fd, address, length) != 0 || length[0] <= FAMILY_BYTES) {
            return "";
        }
        int family = ByteBuffer.wrap(address).order(ByteOrder.nativeOrder()).getShort(0);
        if (family != AF_UNIX || address[FAMILY_BYTES] == 0) {
            return "";
        }
        int end = FAMILY_BYTES;
        while (end < Math.min(length[0], address.length) && address[end] != 0) {
            end++;
        }
        return new String(address, FAMILY_BYTES, end - FAMILY_BYTES, StandardCharsets.UTF_8);
    }

    private static long peer(int fd) {
        byte[] credentials = new byte[UCRED_BYTES];
        return FileCalls.LIBC.getsockopt(fd, SOL_SOCKET, SO_PEERCRED, credentials, new int[] {UCRED_BYTES}) == 0
                ? ByteBuffer.wrap(credentials).order(ByteOrder.nativeOrder()).getInt(0)
                : 0;
    }
}
