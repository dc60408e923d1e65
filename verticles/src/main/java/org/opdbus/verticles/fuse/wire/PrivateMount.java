// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.wire;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import org.opdbus.verticles.kernel.LibC;

/**
 * A second mount of a mounted file system that no path leads to and that can be written: its server makes changes through it, so
 * that the kernel tells them to those who watch files (inotify(7)). Belongs to one thread. While it is open the file system does
 * not end, so close it soon. Needs Linux 5.12 and the right CAP_DAC_READ_SEARCH.
 */
public final class PrivateMount implements AutoCloseable {
    private static final boolean X86 = System.getProperty("os.arch", "").matches("amd64|x86_64");
    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int AT_REMOVEDIR = 0x200;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_STATX_DONT_SYNC = 0x4000;
    private static final int O_PATH = 0x200000;
    private static final int O_DIRECTORY = X86 ? 0x10000 : 0x4000;

    private static final long SYS_OPEN_TREE = 428;
    private static final long SYS_MOUNT_SETATTR = 442;
    private static final long SYS_MKNODAT = X86 ? 259 : 33;
    private static final long SYS_GETTID = X86 ? 186 : 178;

    private static final int OPEN_TREE_CLONE = 1;
    private static final int MOUNT_ATTR_RDONLY = 1;
    private static final int MOUNT_ATTR_BYTES = 32;

    private static final int STATX_TYPE = 1;
    private static final int STATX_BYTES = 256;
    private static final int STATX_MODE_AT = 28;
    private static final int STATX_DEVICE_AT = 136;

    private static final int HANDLE_BYTES = 12;
    /** FILEID_INO64_GEN. */
    private static final int HANDLE_TYPE = 0x81;

    private static final long UTIME_NOW = 0x3FFFFFFF;
    private static final long UTIME_OMIT = 0x3FFFFFFE;
    private static final byte[] ONLY_MODIFIED = struct(32)
            .putLong(0)
            .putLong(UTIME_OMIT)
            .putLong(0)
            .putLong(UTIME_NOW)
            .array();

    private static final byte[] SELF = LibC.path("");

    private final int fd;

    private PrivateMount(int fd) {
        this.fd = fd;
    }

    /** Returns the number of the calling thread, as the file system's server sees it in requests. */
    public static int callingThread() {
        return (int) LIBC.syscall(SYS_GETTID);
    }

    /** Opens one; empty if the path shows another mount now, or the kernel cannot do it. */
    public static Optional<PrivateMount> open(FuseMount of) {
        int flags = OPEN_TREE_CLONE | LibC.O_CLOEXEC | AT_SYMLINK_NOFOLLOW;
        byte[] path = LibC.path(of.path().toString());
        int tree = (int) LIBC.syscall(SYS_OPEN_TREE, AT_FDCWD, path, flags);
        if (tree < 0) {
            return Optional.empty();
        }
        try {
            if (!isOf(tree, of.mount().device()) || !makeWritable(tree)) {
                return Optional.empty();
            }
            // open_by_handle_at(2) wants an open folder; a path alone is not enough.
            int root = LIBC.openat(tree, LibC.path("."), O_DIRECTORY | LibC.O_CLOEXEC, 0);
            return root < 0 ? Optional.empty() : Optional.of(new PrivateMount(root));
        } finally {
            LIBC.close(tree);
        }
    }

    /**
     * Returns the type of a node, as {@link NodeAttributes} has it.
     *
     * @return 0 if the kernel does not know the node
     */
    public int type(long node) {
        return withNode(node, found -> {
            byte[] stat = new byte[STATX_BYTES];
            int failed = LIBC.statx(found, SELF, AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE, stat);
            return failed != 0 ? 0 : buffer(stat).getShort(STATX_MODE_AT) & NodeAttributes.TYPE;
        });
    }

    /** Tells those who watch the node that it was modified; returns whether the kernel knows the node. */
    public boolean modify(long node) {
        return withNode(node, found -> LIBC.utimensat(found, SELF, ONLY_MODIFIED, AT_EMPTY_PATH) == 0 ? 1 : 0) == 1;
    }

    /** Makes an entry of this type; the server is asked. Returns whether those who watch the folder are told. */
    public boolean make(long folder, String name, int type) {
        byte[] text = LibC.path(name);
        return withNode(folder, found -> switch (type) {
                    case NodeAttributes.FOLDER -> LIBC.mkdirat(found, text, 0555) == 0 ? 1 : 0;
                    case NodeAttributes.SYMBOLIC_LINK -> LIBC.symlinkat(text, found, text) == 0 ? 1 : 0;
                    default -> LIBC.syscall(SYS_MKNODAT, found, text, type | 0444, 0L) == 0 ? 1 : 0;
                })
                == 1;
    }

    /** Removes an entry of this type; the server is asked. Returns whether those who watch the folder are told. */
    public boolean remove(long folder, String name, int type) {
        int flags = type == NodeAttributes.FOLDER ? AT_REMOVEDIR : 0;
        return withNode(folder, found -> LIBC.unlinkat(found, LibC.path(name), flags) == 0 ? 1 : 0) == 1;
    }

    /** open_by_handle_at(2) finds what the kernel knows without a path, and asks the server nothing. */
    private int withNode(long node, IntUnaryOperator action) {
        byte[] handle = struct(8 + HANDLE_BYTES)
                .putInt(HANDLE_BYTES)
                .putInt(HANDLE_TYPE)
                .putInt((int) (node >>> 32))
                .putInt((int) node)
                .putInt(0)
                .array();
        int found = LIBC.open_by_handle_at(fd, handle, O_PATH | LibC.O_CLOEXEC);
        if (found < 0) {
            return 0;
        }
        try {
            return action.applyAsInt(found);
        } finally {
            LIBC.close(found);
        }
    }

    private static boolean isOf(int fd, String device) {
        byte[] stat = new byte[STATX_BYTES];
        if (LIBC.statx(fd, SELF, AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE, stat) != 0) {
            return false;
        }
        ByteBuffer fields = buffer(stat);
        return device.equals(fields.getInt(STATX_DEVICE_AT) + ":" + fields.getInt(STATX_DEVICE_AT + 4));
    }

    private static boolean makeWritable(int fd) {
        byte[] attributes =
                struct(MOUNT_ATTR_BYTES).putLong(8, MOUNT_ATTR_RDONLY).array();
        return LIBC.syscall(SYS_MOUNT_SETATTR, fd, SELF, AT_EMPTY_PATH, attributes, MOUNT_ATTR_BYTES) == 0;
    }

    private static ByteBuffer struct(int bytes) {
        return buffer(new byte[bytes]);
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        LIBC.close(fd);
    }
}
