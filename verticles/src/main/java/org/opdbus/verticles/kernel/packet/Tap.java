// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.packet;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import jnr.constants.platform.Errno;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.kernel.LibC;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;

/**
 * A link whose frames a program sends and receives ({@code Documentation/networking/tuntap.rst} of the kernel). The link stays when
 * the program ends. Frames are whole: checksums are finished, large ones are cut, and VLAN tags are in them, because no offload is
 * asked for. Needs CAP_NET_ADMIN. For one thread.
 */
public final class Tap implements AutoCloseable {
    /** More than any frame has: the largest MTU of a TAP is 65,521 bytes, and headers are added. */
    public static final int FRAME_BYTES_MAX = 65_600;

    private static final String DEVICE = "/dev/net/tun";
    private static final int READ_WRITE_NONBLOCK_CLOEXEC = 0x2 | 0x800 | LibC.O_CLOEXEC;
    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETPERSIST = 0x400454cbL;
    private static final long TUNSETOFFLOAD = 0x400454d0L;
    private static final long TUNGETIFF = 0x800454d2L;
    private static final short TAP_WITHOUT_HEADER = 0x0002 | 0x1000;
    private static final short PERSISTENT = 0x0800;
    /** The size of {@code struct ifreq}: a name, and here flags. */
    private static final int REQUEST_BYTES = 40;

    private static final int FLAGS_AT = 16;

    private final int fd;
    private final LinkName name;
    private final Pointer request = Memory.allocateDirect(LibC.RUNTIME, REQUEST_BYTES, true);

    private Tap(int fd, LinkName name) {
        this.fd = fd;
        this.name = name;
    }

    /**
     * Makes a TAP in a namespace, which is down and stays until it is deleted.
     *
     * @throws IOException if the name is taken by a link that is in use or no TAP, or the kernel has no TAPs
     */
    public static void make(NetworkNamespace namespace, LinkName name) throws IOException {
        int failed = namespace.inside(() -> {
            try (Tap tap = open(name)) {
                tap.call(TUNSETPERSIST, Pointer.wrap(LibC.RUNTIME, 1));
                return 0;
            } catch (CallFailure failure) {
                return failure.errno.intValue();
            }
        });
        if (failed != 0) {
            throw failure("make the TAP " + name, Errno.valueOf(failed));
        }
    }

    /**
     * Takes a TAP that {@link #make} has made in the namespace of the calling thread.
     *
     * @throws IOException if there is none, or another program has it
     */
    public static Tap attach(LinkName name) throws IOException {
        try {
            Tap tap = open(name);
            // The kernel makes a TAP that is not there; that one vanishes with its descriptor.
            if (!tap.isAttached() || (tap.request.getShort(FLAGS_AT) & PERSISTENT) == 0) {
                tap.close();
                throw new IOException("there is no TAP " + name);
            }
            return tap;
        } catch (CallFailure failure) {
            throw failure("take the TAP " + name, failure.errno);
        }
    }

    private static Tap open(LinkName name) throws CallFailure {
        int fd = LIBC.open(DEVICE, READ_WRITE_NONBLOCK_CLOEXEC);
        if (fd < 0) {
            throw new CallFailure();
        }
        Tap tap = new Tap(fd, name);
        try {
            byte[] bytes = name.value().getBytes(StandardCharsets.UTF_8);
            tap.request.put(0, bytes, 0, bytes.length);
            tap.request.putShort(FLAGS_AT, TAP_WITHOUT_HEADER);
            tap.call(TUNSETIFF, tap.request);
            tap.call(TUNSETOFFLOAD, Pointer.wrap(LibC.RUNTIME, 0));
            return tap;
        } catch (CallFailure failure) {
            tap.close();
            throw failure;
        }
    }

    private void call(long request, Pointer argument) throws CallFailure {
        if (LIBC.ioctl(fd, request, argument) != 0) {
            throw new CallFailure();
        }
    }

    /** Returns the descriptor, which is readable while a frame waits, and when the link is gone. It never blocks. */
    public int fd() {
        return fd;
    }

    /** Returns whether the link is still there. */
    public boolean isAttached() {
        return LIBC.ioctl(fd, TUNGETIFF, request) == 0;
    }

    /**
     * Reads the next frame that the kernel sent over the link to where the buffer stands.
     *
     * @param into is outside of the heap and has room for {@link #FRAME_BYTES_MAX} bytes
     * @return its length, or 0 if none waits
     * @throws IOException if the link is gone
     */
    public int read(ByteBuffer into) throws IOException {
        long length = LIBC.read(fd, into, into.remaining());
        if (length >= 0) {
            return (int) length;
        }
        Errno errno = LibC.errno();
        if (errno == Errno.EAGAIN || errno == Errno.EINTR) {
            return 0;
        }
        throw failure("receive a frame of " + name, errno);
    }

    /**
     * Lets the kernel receive a frame from the link.
     *
     * @param frame is outside of the heap
     * @return whether it took the frame; it takes none while the link is down
     */
    public boolean write(ByteBuffer frame) {
        return LIBC.write(fd, frame, frame.remaining()) >= 0;
    }

    private static IOException failure(String attempt, Errno errno) {
        return new IOException("could not " + attempt + ": " + errno.description());
    }

    /** Gives up the frames. The link stays. */
    @Override
    public void close() {
        LIBC.close(fd);
    }

    /** Why the last call of this thread failed. */
    private static final class CallFailure extends Exception {
        private static final long serialVersionUID = 1L;

        private final Errno errno = LibC.errno();
    }
}
