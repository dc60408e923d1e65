// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.wire;

/** An error number that a request is answered with; part of every day, so it carries no stack trace. */
public final class FileError extends Exception {
    private static final long serialVersionUID = 1L;

    /** This caller may never do that. */
    public static final int EPERM = 1;
    /** No such file or folder. */
    public static final int ENOENT = 2;
    /** A signal came before the end. */
    public static final int EINTR = 4;
    /** The file cannot be read now. */
    public static final int EIO = 5;
    /** Not an open file. */
    public static final int EBADF = 9;
    /** The object has changed meanwhile. */
    public static final int EAGAIN = 11;
    /** The open files hold as many bytes as they may. */
    public static final int ENOMEM = 12;
    /** Not for this caller. */
    public static final int EACCES = 13;
    /** The entry is there already. */
    public static final int EEXIST = 17;
    /** Not a folder. */
    public static final int ENOTDIR = 20;
    /** A folder. */
    public static final int EISDIR = 21;
    /** The content or the argument is not valid. */
    public static final int EINVAL = 22;
    /** As many files are open as may be. */
    public static final int ENFILE = 23;
    /** The content is longer than it may be. */
    public static final int EFBIG = 27;
    /** Cannot be written. */
    public static final int EROFS = 30;
    /** The name is too long. */
    public static final int ENAMETOOLONG = 36;
    /** The file system does not have this; the kernel asks no more. */
    public static final int ENOSYS = 38;
    /** The file has gone, and the kernel is to look its name up again before it tells the caller so. */
    public static final int ESTALE = 116;

    private final int errno;

    public FileError(int errno) {
        super("error " + errno, null, false, false);
        this.errno = errno;
    }

    /** Returns the number, as errno(3) has it. */
    public int errno() {
        return errno;
    }
}
