// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;
import jnr.constants.platform.Errno;

/**
 * The groups of this host, as the name service switch knows them (nsswitch.conf(5)). A service of it may ask another host, so a
 * look-up can take as long as that service takes. For any thread.
 */
public final class UserGroups {
    /** {@code struct group} of grp.h: name, password, number, members. */
    private static final int GROUP_BYTES = 32;

    private static final int NUMBER_AT = 16;
    private static final int POINTER_BYTES = 8;
    private static final int TEXT_BYTES_MIN = 4_096;
    /** More than a group of 30,000 members needs. */
    private static final int TEXT_BYTES_MAX = 1 << 20;

    private UserGroups() {}

    /**
     * Returns the number of a group; empty if there is none of this name.
     *
     * @throws IOException if the look-up failed
     */
    public static OptionalLong numberOf(String name) throws IOException {
        byte[] group = new byte[GROUP_BYTES];
        byte[] found = new byte[POINTER_BYTES];
        int failure = Errno.ERANGE.intValue();
        for (int bytes = TEXT_BYTES_MIN; bytes <= TEXT_BYTES_MAX && failure == Errno.ERANGE.intValue(); bytes *= 4) {
            failure = LibC.LIBC.getgrnam_r(LibC.path(name), group, new byte[bytes], bytes, found);
        }
        if (ByteBuffer.wrap(found).getLong() != 0) {
            return OptionalLong.of(Integer.toUnsignedLong(
                    ByteBuffer.wrap(group).order(ByteOrder.nativeOrder()).getInt(NUMBER_AT)));
        }
        // getpwnam(3): several errors may stand for "not found".
        Errno why = Errno.valueOf(failure);
        if (failure == 0 || why == Errno.ENOENT || why == Errno.ESRCH || why == Errno.EBADF || why == Errno.EPERM) {
            return OptionalLong.empty();
        }
        throw new IOException("cannot look the group " + name + " up: " + why.description());
    }
}
