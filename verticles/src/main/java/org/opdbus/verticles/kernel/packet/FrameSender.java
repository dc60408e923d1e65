// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.packet;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.constants.platform.Errno;
import org.opdbus.verticles.kernel.LibC;

/** Sends whole frames over one link (packet(7)); it hears none. Needs CAP_NET_RAW. For one thread. */
public final class FrameSender implements AutoCloseable {
    private static final int AF_PACKET = 17;
    private static final int SOCK_RAW_CLOEXEC = 3 | 0x80000;
    private static final int ADDRESS_BYTES = 20;

    private final int fd;

    private FrameSender(int fd) {
        this.fd = fd;
    }

    /** Opens a link of the calling thread's namespace by its index. */
    public static FrameSender open(int index) throws IOException {
        // A socket of no protocol hears nothing.
        int fd = LIBC.socket(AF_PACKET, SOCK_RAW_CLOEXEC, 0);
        if (fd < 0) {
            throw failure("open a packet socket");
        }
        FrameSender sender = new FrameSender(fd);
        byte[] address = ByteBuffer.allocate(ADDRESS_BYTES)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_PACKET)
                .putShort((short) 0)
                .putInt(index)
                .array();
        if (LIBC.bind(fd, address, address.length) != 0) {
            IOException failure = failure("bind a packet socket to link " + index);
            sender.close();
            throw failure;
        }
        return sender;
    }

    /** Sends a frame, with its Ethernet header. */
    public void send(byte[] frame) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(frame.length).put(frame).flip();
        while (LIBC.send(fd, bytes, bytes.remaining(), 0) < 0) {
            if (LibC.errno() != Errno.EINTR) {
                throw failure("send a frame of " + frame.length + " bytes");
            }
        }
    }

    private static IOException failure(String attempt) {
        return new IOException("could not " + attempt + ": " + LibC.errno().description());
    }

    @Override
    public void close() {
        LIBC.close(fd);
    }
}
