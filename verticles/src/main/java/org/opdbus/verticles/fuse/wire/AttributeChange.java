// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.wire;

/**
 * What a caller wants to change of a file, {@code struct fuse_setattr_in}.
 *
 * @param valid which of the attributes, a sum of {@code FATTR_*}
 * @param handle the open file that the caller has; meaningful with {@link #HANDLE}
 * @param size the new size; meaningful with {@link #SIZE}
 */
public record AttributeChange(int valid, long handle, long size) {
    /** The permissions are to change. */
    public static final int MODE = 1;
    /** The owner is to change. */
    public static final int UID = 1 << 1;
    /** The group is to change. */
    public static final int GID = 1 << 2;
    /** The size is to change. */
    public static final int SIZE = 1 << 3;
    /** A handle is given. */
    public static final int HANDLE = 1 << 6;

    /** Returns whether any of these constants is asked for. */
    public boolean is(int constants) {
        return (valid & constants) != 0;
    }
}
