// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.line;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.opdbus.verticles.kernel.packet.Tap;

/**
 * Frames that wait, first in, first out, each with the time when it is ready. They are in one piece of memory outside of the heap, which
 * is used in a circle and grows up to a limit; a frame costs no object. For one thread.
 *
 * <p>A frame is in one piece behind a header with its time and length. If there is not enough room for the largest frame up to the end
 * of the memory, the next frame is at the beginning.
 */
final class FrameQueue implements AutoCloseable {
    /** So many frames wait at most. */
    static final int FRAMES_MAX = 65_536;
    /** So much memory they take at most. */
    static final int BYTES_MAX = 16 << 20;

    private static final int BYTES_MIN = 256 << 10;
    private static final int HEADER_BYTES = 16;
    private static final int LENGTH_AT = 8;
    private static final int ROOM_BYTES = HEADER_BYTES + Tap.FRAME_BYTES_MAX;

    private final QueueMemory memory;
    private ByteBuffer bytes;
    private int head;
    private int tail;
    /** Behind the last frame before the frames go on at the beginning; 0 if they do not. */
    private int turn;

    private int count;

    FrameQueue(QueueMemory memory) {
        this.memory = memory;
        bytes = memory.take(BYTES_MIN) ? allocate(BYTES_MIN) : ByteBuffer.allocateDirect(0);
    }

    private static ByteBuffer allocate(int size) {
        return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    }

    int count() {
        return count;
    }

    /** Returns whether there is room for a frame of any length; if so, {@link #room} says where. */
    boolean hasRoom() {
        return count < FRAMES_MAX && (fits() || (grow() && fits()));
    }

    private boolean fits() {
        if (count == 0) {
            head = 0;
            tail = 0;
            turn = 0;
        }
        if (turn == 0 && bytes.capacity() - tail < ROOM_BYTES && head > ROOM_BYTES) {
            turn = tail;
            tail = 0;
        }
        // The tail never reaches the head from behind: the queue would look empty.
        return turn == 0 ? bytes.capacity() - tail >= ROOM_BYTES : head - tail > ROOM_BYTES;
    }

    private boolean grow() {
        int size = bytes.capacity() == 0 ? BYTES_MIN : bytes.capacity() * 2;
        if (size > BYTES_MAX || !memory.take(size - bytes.capacity())) {
            return false;
        }
        ByteBuffer larger = allocate(size);
        if (turn > 0) {
            larger.put(bytes.duplicate().limit(turn).position(head));
            larger.put(bytes.duplicate().limit(tail).position(0));
        } else {
            larger.put(bytes.duplicate().limit(tail).position(head));
        }
        bytes = larger;
        head = 0;
        tail = larger.position();
        turn = 0;
        return true;
    }

    /** Returns the memory with its position where the next frame is to be written. */
    ByteBuffer room() {
        int at = tail + HEADER_BYTES;
        return bytes.limit(at + Tap.FRAME_BYTES_MAX).position(at);
    }

    /** Keeps the frame that was written there. */
    void add(int length, long readyNs) {
        bytes.clear().putLong(tail, readyNs).putInt(tail + LENGTH_AT, length);
        tail += size(length);
        count++;
    }

    private static int size(int length) {
        return (HEADER_BYTES + length + Long.BYTES - 1) & -Long.BYTES;
    }

    /** Returns when the first frame is ready, as {@link System#nanoTime}; there must be one. */
    long readyNs() {
        return bytes.clear().getLong(head);
    }

    /** Returns the memory with its position and limit around the first frame; there must be one. */
    ByteBuffer first() {
        int length = bytes.clear().getInt(head + LENGTH_AT);
        return bytes.limit(head + HEADER_BYTES + length).position(head + HEADER_BYTES);
    }

    void removeFirst() {
        head += size(bytes.clear().getInt(head + LENGTH_AT));
        count--;
        if (head == turn) {
            head = 0;
            turn = 0;
        }
    }

    /** No frame is ready later than at this time. */
    void readyBy(long ns) {
        bytes.clear();
        int at = head;
        for (int i = 0; i < count; i++) {
            if (turn > 0 && at == turn) {
                at = 0;
            }
            if (bytes.getLong(at) - ns > 0) {
                bytes.putLong(at, ns);
            }
            at += size(bytes.getInt(at + LENGTH_AT));
        }
    }

    @Override
    public void close() {
        memory.giveBack(bytes.capacity());
        bytes = ByteBuffer.allocateDirect(0);
        count = 0;
        turn = 0;
        head = 0;
        tail = 0;
    }
}
