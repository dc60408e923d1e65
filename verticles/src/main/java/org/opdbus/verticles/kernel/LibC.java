// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import jnr.constants.platform.Errno;
import jnr.ffi.LastError;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;
import org.jspecify.annotations.Nullable;

/** The functions of libc that this package calls, under libc's own names; each is in section 2 or 3 of the manual. */
public interface LibC {
    /** Loaded once, because loading takes a tenth of a second. */
    LibC LIBC = LibraryLoader.create(LibC.class).failImmediately().load("c");

    Runtime RUNTIME = Runtime.getRuntime(LIBC);

    int O_CLOEXEC = 0x80000;

    int socket(int domain, int type, int protocol);

    int bind(int fd, @In byte[] address, int length);

    int connect(int fd, @In byte[] address, int length);

    int getsockname(int fd, @Out byte[] address, @In @Out int[] length);

    int getsockopt(int fd, int level, int option, @Out byte[] value, @In @Out int[] length);

    int setsockopt(int fd, int level, int option, @In byte[] value, int length);

    @ssize_t
    long send(int fd, @In ByteBuffer message, @size_t long length, int flags);

    @ssize_t
    long recv(int fd, @Out ByteBuffer into, @size_t long length, int flags);

    int poll(@In @Out ByteBuffer pollFds, @size_t long count, int timeoutMs);

    /** The timeout is a struct timespec; without a mask, signals stay as they are. */
    int ppoll(@In @Out ByteBuffer pollFds, @size_t long count, @In ByteBuffer timeout, @Nullable Pointer mask);

    int eventfd(int initial, int flags);

    /**
     * Returns the address of the memory, or -1. The wanted address is a pointer here because jnr-ffi passes a wrong offset
     * if all six arguments are numbers.
     */
    @ssize_t
    long mmap(Pointer address, @size_t long length, int protection, int flags, int fd, @size_t long offset);

    int munmap(@size_t long address, @size_t long length);

    @ssize_t
    long read(int fd, @Out byte[] into, @size_t long length);

    @ssize_t
    long write(int fd, @In byte[] from, @size_t long length);

    @ssize_t
    long read(int fd, @Out ByteBuffer into, @size_t long length);

    @ssize_t
    long write(int fd, @In ByteBuffer from, @size_t long length);

    int open(@In String path, int flags);

    int openat(int folder, @In byte[] path, int flags, int mode);

    /** openat2(2), which libc has no function for. */
    @ssize_t
    long syscall(@ssize_t long number, int folder, @In byte[] path, @In byte[] how, @size_t long length);

    int statx(int fd, @In byte[] path, int flags, int mask, @Out byte[] into);

    /** Other system calls that libc has no function for, or not in all versions that are in use. */
    @ssize_t
    long syscall(@ssize_t long number);

    @ssize_t
    long syscall(@ssize_t long number, int folder, @In byte[] path, int flags);

    @ssize_t
    long syscall(@ssize_t long number, int folder, @In byte[] path, int mode, @size_t long device);

    @ssize_t
    long syscall(
            @ssize_t long number, int folder, @In byte[] path, int flags, @In byte[] attributes, @size_t long length);

    int mount(@In byte[] source, @In byte[] target, @In byte[] type, @size_t long flags, @In byte[] data);

    int umount2(@In byte[] target, int flags);

    int open_by_handle_at(int mount, @In byte[] handle, int flags);

    int mkdirat(int folder, @In byte[] path, int mode);

    @ssize_t
    long readlink(@In byte[] path, @Out byte[] into, @size_t long length);

    int symlinkat(@In byte[] target, int folder, @In byte[] path);

    int utimensat(int folder, @In byte[] path, @In byte[] times, int flags);

    int statfs(@In byte[] path, @Out byte[] into);

    int fchmod(int fd, int mode);

    int fchown(int fd, int uid, int gid);

    int renameat(int fromFolder, @In byte[] from, int toFolder, @In byte[] to);

    int unlinkat(int folder, @In byte[] path, int flags);

    int close(int fd);

    int flock(int fd, int operation);

    int setns(int fd, int type);

    /** Returns the number of the error, or 0; see getgrnam_r(3). */
    int getgrnam_r(
            @In byte[] name, @Out byte[] group, @Out byte[] text, @size_t long textBytes, @Out byte[] foundPointer);

    int ioctl(int fd, @size_t long request, Pointer argument);

    /** Returns a path in the kernel's form, independent of the encoding of this process's locale. */
    static byte[] path(String path) {
        return (path + '\0').getBytes(StandardCharsets.UTF_8);
    }

    /** Returns why this thread's last call failed. */
    static Errno errno() {
        return Errno.valueOf(LastError.getLastError(RUNTIME));
    }
}
