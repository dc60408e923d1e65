// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.capture;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import jnr.ffi.Pointer;
import org.opdbus.verticles.kernel.LibC;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;

/**
 * The frames that cross one link, in both directions: a packet(7) socket with a ring of blocks that the kernel fills and this
 * process empties (TPACKET_V3, {@code Documentation/networking/packet_mmap.rst} of the kernel).
 *
 * <p>When all blocks are full the kernel drops frames, and counts them. It hands a block over when the block is full, or some
 * milliseconds after its first frame. For one thread.
 */
public final class PacketRing implements AutoCloseable {
    /** After this time at the latest the kernel hands over what it has. */
    public static final int HAND_OVER_MS = 50;

    /** The size of a block, which is the limit of a frame too. */
    public static final int BLOCK_BYTES = 128 << 10;

    private static final int ETH_P_ALL = 3;
    private static final int PACKET_RX_RING = 5;
    private static final int PACKET_VERSION = 10;
    private static final int TPACKET_V3 = 2;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;
    /** Has a meaning for version 1 and 2 only; it must divide the size of a block. */
    private static final int FRAME_BYTES = 2_048;

    private static final int STATUS_AT = 8;
    private static final int FRAMES_AT = 12;
    private static final int FIRST_FRAME_AT = 16;
    private static final int OF_KERNEL = 0;
    private static final int OF_USER = 1;
    /** So many blocks at once, so that another ring gets its turn. */
    private static final int BLOCKS_AT_ONCE = 16;

    private final RingSocket socket;
    private final int hardwareType;
    private final int blocks;
    private final long address;
    private final Pointer memory;
    private final CapturedFrame frame;
    private int block;
    private boolean closed;

    /** Is shown the frames. */
    @FunctionalInterface
    public interface Visitor {
        /** Takes a frame, and returns whether it wants more. */
        boolean frame(CapturedFrame frame);
    }

    /**
     * What a socket has counted.
     *
     * @param received the frames that the filter chose, with the dropped ones
     * @param dropped those for which there was no room
     */
    public record Counts(long received, long dropped) {
        public Counts plus(Counts more) {
            return new Counts(received + more.received, dropped + more.dropped);
        }
    }

    private PacketRing(RingSocket socket, int blocks) throws IOException {
        this.socket = socket;
        this.blocks = blocks;
        socket.bind(0);
        hardwareType = socket.hardwareType();
        socket.option(PACKET_VERSION, RingSocket.ints(TPACKET_V3), "use TPACKET_V3");
        int bytes = blocks * BLOCK_BYTES;
        String attempt = "make a ring of " + (bytes >> 20) + " MiB";
        socket.option(
                PACKET_RX_RING,
                RingSocket.ints(BLOCK_BYTES, blocks, FRAME_BYTES, bytes / FRAME_BYTES, HAND_OVER_MS, 0, 0),
                attempt);
        address = LIBC.mmap(Pointer.wrap(LibC.RUNTIME, 0), bytes, PROT_READ_WRITE, MAP_SHARED, socket.fd(), 0);
        if (address == -1) {
            throw RingSocket.failure(attempt);
        }
        memory = Pointer.wrap(LibC.RUNTIME, address, bytes);
        frame = new CapturedFrame(memory);
    }

    /**
     * Makes a ring for a link, which gets no frames before {@link #start}.
     *
     * @param namespace where the link is
     * @param blocks the size of the ring
     * @throws IOException if the link is gone, a right is missing, or there is too little memory
     */
    public static PacketRing open(NetworkNamespace namespace, int index, int blocks) throws IOException {
        RingSocket made = RingSocket.open(namespace, index);
        try {
            return new PacketRing(made, blocks);
        } catch (IOException e) {
            made.close();
            throw e;
        }
    }

    /** Returns the descriptor, which is readable while a block is full. */
    public int fd() {
        return socket.fd();
    }

    /** Returns the index of the link. */
    public int index() {
        return socket.index();
    }

    /** Returns the kind of the link's frames, ARPHRD_* of {@code linux/if_arp.h}. */
    public int hardwareType() {
        return hardwareType;
    }

    /** Gets frames from now on. Attach a filter first. */
    public void start(boolean isPromiscuous) throws IOException {
        if (isPromiscuous) {
            socket.promiscuous();
        }
        socket.bind(ETH_P_ALL);
    }

    /** Replaces the filter. */
    public void attach(BpfProgram filter) throws IOException {
        socket.attach(filter);
    }

    /** Forgets an error such as that the link is down, which would make the descriptor readable for ever. */
    public void clearError() {
        socket.clearError();
    }

    /** Returns what was counted since the last call. */
    public Counts counts() throws IOException {
        return socket.counts();
    }

    /** Shows the visitor what the kernel has handed over, up to a limit. */
    public void read(Visitor visitor) {
        for (int i = 0; i < BLOCKS_AT_ONCE; i++) {
            long start = (long) block * BLOCK_BYTES;
            if ((memory.getInt(start + STATUS_AT) & OF_USER) == 0) {
                return;
            }
            // The kernel wrote the block before it wrote the status.
            VarHandle.acquireFence();
            boolean isMoreWanted = readBlock(start, visitor);
            VarHandle.releaseFence();
            memory.putInt(start + STATUS_AT, OF_KERNEL);
            block = (block + 1) % blocks;
            if (!isMoreWanted) {
                return;
            }
        }
    }

    private boolean readBlock(long start, Visitor visitor) {
        long at = start + memory.getInt(start + FIRST_FRAME_AT);
        int count = memory.getInt(start + FRAMES_AT);
        for (int i = 0; i < count; i++) {
            frame.moveTo(at);
            if (!visitor.frame(frame)) {
                return false;
            }
            at += frame.nextOffset();
        }
        return true;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            LIBC.munmap(address, (long) blocks * BLOCK_BYTES);
            socket.close();
        }
    }
}
