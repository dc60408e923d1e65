// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
     * Runs a piece of code inside the namespace. Sockets made there always belong to the namespace, so the code
     * should only make one.
     *
     * <p>A namespace is a property of a thread. The code runs on a new platform thread, which never returns to its
     * old namespace but ends. So no thread in another namespace than the rest of the process is ever reused, even
     * after a failure.
     */
    <T> T inside(Supplier<T> code) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(
                () -> {
                    try {
                        enter();
                        result.complete(code.get());
                    } catch (Throwable e) {
                        result.completeExceptionally(e);
                    }
                },
                "op-dbus-in-namespace");
        thread.setDaemon(true);
        thread.start();
        try {
            return result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof NetlinkException refused) {
                throw refused;
            }
            throw new IllegalStateException("code failed in " + description, e.getCause());
        }
    }

    private synchronized void enter() {
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
