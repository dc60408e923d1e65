// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import java.io.IOException;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;
import org.jspecify.annotations.Nullable;

/** The system calls on file descriptors that the JDK does not offer, and Linux's error numbers. */
final class FileCalls {
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int ENOENT = 2;
    static final int ESRCH = 3;
    static final int ENOTDIR = 20;
    static final int EPIPE = 32;
    static final int ECONNRESET = 104;
    static final int ECONNREFUSED = 111;

    static final Libc LIBC = LibraryLoader.create(Libc.class).load("c");
    private static final Runtime RUNTIME = Runtime.getRuntime(LIBC);

    private FileCalls() {}

    /** Functions of libc; each returns -1 on failure and sets errno. */
    public interface Libc {
        int socket(int domain, int type, int protocol);

        int connect(int fd, @In byte[] address, int length);

        int getsockname(int fd, @Out byte[] address, @In @Out int[] length);

        int getsockopt(int fd, int level, int name, @Out byte[] value, @In @Out int[] length);

        int setsockopt(int fd, int level, int name, @In byte[] value, int length);

        @ssize_t
        long send(int fd, @In byte[] data, @size_t long length, int flags);

        @ssize_t
        long recv(int fd, @Out byte[] data, @size_t long length, int flags);

        @ssize_t
        long read(int fd, @Out byte[] data, @size_t long length);

        @ssize_t
        long write(int fd, @In byte[] data, @size_t long length);

        int close(int fd);

        int poll(@In @Out byte[] descriptors, @size_t long count, int timeoutMs);

        // The functions of epoll(7) keep libc's names.
        int epoll_create1(int flags);

        int epoll_ctl(int epoll, int operation, int fd, @In byte[] event);

        int epoll_wait(int epoll, @Out byte[] events, int countMax, int timeoutMs);

        int eventfd(int initial, int flags);

        // The functions of inotify(7) and pidfd_open(2) keep libc's names.
        int inotify_init1(int flags);

        int inotify_add_watch(int fd, @In byte[] path, int mask);

        int inotify_rm_watch(int fd, int watch);

        @ssize_t
        long syscall(@ssize_t long number, int first, int second);

        @ssize_t
        long syscall(@ssize_t long number, int first, int second, @In byte @Nullable [] third, int fourth);

        @jnr.ffi.annotations.IgnoreError
        String strerror(int errno);
    }

    static int errno() {
        return RUNTIME.getLastError();
    }

    /** Returns the exception for a call that has just failed. */
    static IOException failure(String attempted) {
        return failure(attempted, errno());
    }

    static IOException failure(String attempted, int errno) {
        return new IOException(attempted + ": " + LIBC.strerror(errno));
    }
}
