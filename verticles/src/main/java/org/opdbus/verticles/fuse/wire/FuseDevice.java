// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.wire;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import jnr.constants.platform.Errno;
import org.opdbus.verticles.kernel.LibC;

/**
 * An open {@code /dev/fuse}: one connection to the kernel. Any thread may use it; the kernel passes a request to one of the
 * threads that read. The threads of its {@link FuseServer} close it, when none of them reads any longer.
 */
public final class FuseDevice implements AutoCloseable {
    private static final String PATH = "/dev/fuse";
    private static final int O_RDWR = 2;

    private static final int NOTIFY_POLL = 1;
    private static final int NOTIFY_INVAL_INODE = 2;
    private static final int NOTIFY_INVAL_ENTRY = 3;

    private final int fd;
    private boolean closed;

    private FuseDevice(int fd) {
        this.fd = fd;
    }

    /**
     * Opens the device.
     *
     * @throws IOException with a remedy, if the kernel has no FUSE or the caller may not use it
     */
    public static FuseDevice open() throws IOException {
        int fd = LIBC.open(PATH, O_RDWR | LibC.O_CLOEXEC);
        if (fd >= 0) {
            return new FuseDevice(fd);
        }
        Errno errno = LibC.errno();
        throw new IOException(
                switch (errno) {
                    case ENOENT, ENODEV, ENXIO ->
                        PATH + " is missing; load it: modprobe fuse"
                                + " (in a container, its host must pass the device)";
                    case EACCES, EPERM -> PATH + " cannot be opened; run as root";
                    default -> PATH + " cannot be opened: " + errno.description();
                });
    }

    /** Wraps a descriptor that behaves as the device does. */
    static FuseDevice of(int fd) {
        return new FuseDevice(fd);
    }

    int fd() {
        return fd;
    }

    /** Waits for a request; returns its length, or less than 0 if that failed ({@link LibC#errno}). */
    long read(ByteBuffer into) {
        return LIBC.read(fd, into, into.remaining());
    }

    /** Sends a reply or a notification; returns less than 0 if the kernel did not take it ({@link LibC#errno}). */
    long write(ByteBuffer from) {
        return LIBC.write(fd, from, from.remaining());
    }

    /**
     * Makes the kernel forget what it knows of a node.
     *
     * @return whether the kernel knew it
     */
    public boolean invalidateNode(long node) {
        ByteBuffer message = notification(NOTIFY_INVAL_INODE, 24);
        message.putLong(node).putLong(0).putLong(0);
        return send(message);
    }

    /**
     * Makes the kernel forget that a folder has this entry, or that it has none of this name. Waits while a request of another
     * caller about this folder is under way, so no thread that answers requests may call it.
     *
     * @return whether the kernel knew the entry
     */
    public boolean invalidateEntry(long folder, String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer message = notification(NOTIFY_INVAL_ENTRY, 16 + text.length + 1);
        message.putLong(folder).putInt(text.length).putInt(0).put(text).put((byte) 0);
        return send(message);
    }

    /** Wakes the readers that wait in poll(2) and are known to the kernel by this number. */
    public void wake(long wakeup) {
        send(notification(NOTIFY_POLL, 8).putLong(wakeup));
    }

    /** Sends a reply that comes late; the kernel may have given the request up. */
    synchronized void reply(ByteBuffer reply) {
        if (!closed) {
            write(reply);
        }
    }

    private static ByteBuffer notification(int code, int bodyBytes) {
        int length = ReplyBuffer.HEADER_BYTES + bodyBytes;
        return ByteBuffer.allocateDirect(length)
                .order(ByteOrder.nativeOrder())
                .putInt(length)
                .putInt(code)
                .putLong(0);
    }

    /** Nothing is sent after the end, because the descriptor's number may be that of another file by then. */
    private synchronized boolean send(ByteBuffer notification) {
        return !closed && write(notification.flip()) >= 0;
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            LIBC.close(fd);
        }
    }
}
