// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.wire;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * What stat(2) shows of a file, {@code struct fuse_attr}.
 *
 * @param id its number
 * @param mode its type and who may do what, as stat(2) has it
 * @param links how many folders' entries lead to it
 * @param size how many bytes it has
 * @param modified when it last changed; serves for all three times
 * @param uid whom it belongs to
 * @param gid the group that it belongs to
 */
public record NodeAttributes(long id, int mode, int links, long size, Instant modified, int uid, int gid) {
    /** The bits of the mode that are the type. */
    public static final int TYPE = 0xF000;
    /** A folder. */
    public static final int FOLDER = 0x4000;
    /** A file. */
    public static final int FILE = 0x8000;
    /** A symbolic link. */
    public static final int SYMBOLIC_LINK = 0xA000;

    private static final int BLOCK_BYTES = 4096;
    private static final int SECTOR_BYTES = 512;

    void write(ByteBuffer into) {
        into.putLong(id).putLong(size).putLong((size + SECTOR_BYTES - 1) / SECTOR_BYTES);
        long seconds = modified.getEpochSecond();
        into.putLong(seconds).putLong(seconds).putLong(seconds);
        int nanos = modified.getNano();
        into.putInt(nanos).putInt(nanos).putInt(nanos);
        into.putInt(mode).putInt(links).putInt(uid).putInt(gid);
        into.putInt(0).putInt(BLOCK_BYTES).putInt(0);
    }
}
