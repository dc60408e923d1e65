// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import jnr.constants.platform.Errno;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.kernel.LibC;

/**
 * The speed of a link, as {@code ethtool LINK} shows it (ETHTOOL_GLINKSETTINGS, {@code linux/ethtool.h}).
 *
 * @param speedMbps the speed in megabits per second, if the link has one at the moment
 * @param duplex {@code full} or {@code half}, if it is known
 */
public record LinkSpeed(Optional<Long> speedMbps, Optional<String> duplex) {
    private static final LinkSpeed UNKNOWN = new LinkSpeed(Optional.empty(), Optional.empty());
    private static final long SIOCETHTOOL = 0x8946;
    private static final int ETHTOOL_GLINKSETTINGS = 0x4c;
    /** The size of {@code struct ifreq}: a name, and here a pointer. */
    private static final int REQUEST_BYTES = 40;

    private static final int REQUEST_POINTER_OFFSET = 16;
    /** The size of {@code struct ethtool_link_settings} without its lists of modes. */
    private static final int SETTINGS_BYTES = 48;

    private static final int SPEED_OFFSET = 4;
    private static final int DUPLEX_OFFSET = 8;
    private static final int WORDS_OFFSET = 15;
    /** Three lists of modes, each of at most as many words as a signed byte counts. */
    private static final int LISTS_BYTES = 3 * Byte.MAX_VALUE * Integer.BYTES;

    private static final long SPEED_UNKNOWN = 0xffff_ffffL;

    /** Asks through a socket of the link's namespace; a link that cannot tell has no speed. */
    static LinkSpeed of(int fd, String link) {
        byte[] name = link.getBytes(StandardCharsets.UTF_8);
        if (name.length > LinkName.BYTES_MAX) {
            return UNKNOWN;
        }
        Pointer settings = Memory.allocateDirect(LibC.RUNTIME, SETTINGS_BYTES + LISTS_BYTES, true);
        settings.putInt(0, ETHTOOL_GLINKSETTINGS);
        Pointer request = Memory.allocateDirect(LibC.RUNTIME, REQUEST_BYTES, true);
        request.put(0, name, 0, name.length);
        request.putAddress(REQUEST_POINTER_OFFSET, settings.address());
        if (!ask(fd, request)) {
            return UNKNOWN;
        }
        // The first answer is the size of the kernel's lists, as a negative number; the second one has the settings.
        byte words = settings.getByte(WORDS_OFFSET);
        settings.putInt(0, ETHTOOL_GLINKSETTINGS);
        settings.putByte(WORDS_OFFSET, (byte) -words);
        if (words >= 0 || !ask(fd, request)) {
            return UNKNOWN;
        }
        long speed = Integer.toUnsignedLong(settings.getInt(SPEED_OFFSET));
        return new LinkSpeed(
                Optional.of(speed).filter(known -> known > 0 && known != SPEED_UNKNOWN),
                duplex(settings.getByte(DUPLEX_OFFSET)));
    }

    private static boolean ask(int fd, Pointer request) {
        while (LIBC.ioctl(fd, SIOCETHTOOL, request) != 0) {
            if (LibC.errno() != Errno.EINTR) {
                return false;
            }
        }
        return true;
    }

    private static Optional<String> duplex(byte value) {
        return switch (value) {
            case 0 -> Optional.of("half");
            case 1 -> Optional.of("full");
            default -> Optional.empty();
        };
    }
}
