// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import jnr.constants.platform.Errno;

/**
 * The result of statx(2) for an open file.
 *
 * @param mode its type and permissions, as in inode(7)
 * @param uid the user who owns it
 * @param gid its group
 * @param size its length in bytes
 */
public record FileFacts(int mode, int uid, int gid, long size) {
    /** The permissions of the group and of others. */
    public static final int OTHERS = 0077;

    private static final int TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int PERMISSIONS = 0777;

    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_BASIC_STATS = 0x7ff;
    private static final int STATX_BYTES = 256;
    private static final int UID_AT = 20;
    private static final int GID_AT = 24;
    private static final int MODE_AT = 28;
    private static final int SIZE_AT = 40;

    static FileFacts of(String name, int fd) throws IOException {
        byte[] bytes = new byte[STATX_BYTES];
        if (LIBC.statx(fd, LibC.path(""), AT_EMPTY_PATH, STATX_BASIC_STATS, bytes) != 0) {
            throw failure(name, LibC.errno());
        }
        ByteBuffer statx = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        return new FileFacts(
                Short.toUnsignedInt(statx.getShort(MODE_AT)),
                statx.getInt(UID_AT),
                statx.getInt(GID_AT),
                statx.getLong(SIZE_AT));
    }

    boolean isRegular() {
        return (mode & TYPE) == REGULAR;
    }

    /** Returns its nine permission bits; never set-user-ID or set-group-ID. */
    int permissions() {
        return mode & PERMISSIONS;
    }

    /** Returns the exception of java.nio.file for an errno. */
    static IOException failure(String name, Errno errno) {
        return switch (errno) {
            case ENOENT, ESRCH -> new NoSuchFileException(name);
            case EACCES, EPERM -> new AccessDeniedException(name);
            case ELOOP -> new FileSystemException(name, null, "the path contains a symbolic link");
            default -> new FileSystemException(name, null, errno.description());
        };
    }
}
