// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import jnr.constants.platform.Errno;
import org.opdbus.verticles.kernel.LibC;

/**
 * A handle on a network namespace. While it is open, the namespace exists and stays the same one, even if the process
 * by which it was found ends and its id is reused. Safe for use by any thread; closing it twice is harmless.
 */
public final class NetworkNamespace implements AutoCloseable {
    private static final int CLONE_NEWNET = 0x40000000;

    private final String description;
    private final int fd;
    private boolean closed;

    private NetworkNamespace(String description, int fd) {
        this.description = description;
        this.fd = fd;
    }

    /** Returns the namespace of this process. */
    public static NetworkNamespace current() {
        return open(Path.of("/proc/self/ns/net"), "the agent's own network namespace");
    }

    /** Returns the namespace of the calling thread. */
    static NetworkNamespace ofThread() {
        return open(Path.of("/proc/thread-self/ns/net"), "the network namespace of this thread");
    }

    /**
     * Opens the namespace of a process.
     *
     * @throws NetlinkException NO_SUCH_PROCESS, NOT_PERMITTED (CAP_SYS_PTRACE over that process is needed)
     */
    public static NetworkNamespace ofProcess(long pid) {
        return open(Path.of("/proc", Long.toString(pid), "ns", "net"), "the network namespace of process " + pid);
    }

    /** Opens the namespace that is bound to a file, as {@code ip netns} makes them under {@code /run/netns}. */
    public static NetworkNamespace at(Path file) {
        return open(file, "the network namespace " + file);
    }

    private static NetworkNamespace open(Path file, String description) {
        int fd = LIBC.open(file.toString(), LibC.O_CLOEXEC);
        if (fd < 0) {
            Errno errno = LibC.errno();
            throw NetlinkException.of(
                    "open " + description, errno == Errno.ENOENT ? Errno.ESRCH : errno, "", "CAP_SYS_PTRACE");
        }
        return new NetworkNamespace(description, fd);
    }

    /** Returns the namespace's inode: two handles are of the same namespace exactly when these are equal. */
    public synchronized long inode() {
        try {
            return (Long) Files.getAttribute(Path.of("/proc/self/fd", Integer.toString(fd())), "unix:ino");
        } catch (IOException e) {
            throw new IllegalStateException("cannot inspect an open file descriptor: " + description, e);
        }
    }

    /** The open file descriptor; the caller holds this object's monitor while it uses it. */
    int fd() {
        if (closed) {
            throw new IllegalStateException("the handle is closed: " + description);
        }
        return fd;
    }

    /**
     * Runs a piece of code inside the namespace, on a thread that is there for nothing else. Sockets made there always belong
     * to the namespace, so the code should only make one.
     */
    public <T> T inside(Supplier<T> code) {
        return NamespaceThread.run(this, code);
    }

    /** Makes this the namespace of the calling thread. */
    synchronized void enter() {
        if (LIBC.setns(fd(), CLONE_NEWNET) != 0) {
            throw NetlinkException.of("enter " + description, LibC.errno(), "", "CAP_SYS_ADMIN");
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            LIBC.close(fd);
        }
    }

    @Override
    public String toString() {
        return description;
    }
}
