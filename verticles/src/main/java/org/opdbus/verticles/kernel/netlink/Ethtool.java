// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.nio.charset.StandardCharsets;
import jnr.constants.platform.Errno;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.kernel.LibC;

/**
 * Reads and switches off transmit checksum offload of a link, as {@code ethtool -K LINK tx off} does (SIOCETHTOOL,
 * {@code linux/ethtool.h}). It addresses the link by name, because the kernel offers no other way, in the namespace
 * of the given socket. It has no state; any thread but an event loop may call it.
 */
public final class Ethtool {
    private static final long SIOCETHTOOL = 0x8946;
    private static final int ETHTOOL_GTXCSUM = 0x16;
    private static final int ETHTOOL_STXCSUM = 0x17;
    /** The size of {@code struct ifreq}: a name, and here a pointer. */
    private static final int REQUEST_BYTES = 40;

    private static final int REQUEST_POINTER_OFFSET = 16;
    /** The size of {@code struct ethtool_value}: a command, and a number. */
    private static final int VALUE_BYTES = 8;

    private Ethtool() {}

    /** Returns whether packets leave this link with checksums that a later device must finish. */
    public static boolean transmitChecksum(RtNetlink namespace, LinkName link) {
        return call(namespace, link, ETHTOOL_GTXCSUM, "read transmit checksum offload of " + link) != 0;
    }

    /** Makes the kernel finish checksums before packets leave this link. */
    public static void disableTransmitChecksum(RtNetlink namespace, LinkName link) {
        call(namespace, link, ETHTOOL_STXCSUM, "switch off transmit checksum offload of " + link);
    }

    /**
     * The kernel accepts this request on a socket of any kind, so it needs no new socket, and no thread that enters
     * the namespace to make one.
     */
    private static int call(RtNetlink namespace, LinkName link, int command, String attempt) {
        return namespace.onSocket(fd -> call(fd, link, command, attempt));
    }

    private static int call(int fd, LinkName link, int command, String attempt) {
        Pointer value = Memory.allocateDirect(LibC.RUNTIME, VALUE_BYTES, true);
        value.putInt(0, command);
        Pointer request = Memory.allocateDirect(LibC.RUNTIME, REQUEST_BYTES, true);
        byte[] name = link.value().getBytes(StandardCharsets.UTF_8);
        request.put(0, name, 0, name.length);
        request.putAddress(REQUEST_POINTER_OFFSET, value.address());
        while (LIBC.ioctl(fd, SIOCETHTOOL, request) != 0) {
            if (LibC.errno() != Errno.EINTR) {
                throw NetlinkException.ofLastError(attempt);
            }
        }
        return value.getInt(Integer.BYTES);
    }
}
