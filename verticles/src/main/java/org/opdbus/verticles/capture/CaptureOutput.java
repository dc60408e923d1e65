// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/**
 * Collects bytes and writes them in large pieces. For one thread, except {@link #isWriting}. A write waits for the reader; an
 * interrupt of the thread ends it and closes the channel.
 */
public final class CaptureOutput implements AutoCloseable {
    /** Larger than the largest packet block: a frame of a whole block of the ring with its options. */
    private static final int BUFFER_BYTES = 512 << 10;

    private final WritableByteChannel channel;
    private final ByteBuffer buffer;
    private volatile boolean writing;

    /** Creates an output that writes to this channel and closes it. */
    public CaptureOutput(WritableByteChannel channel) {
        this(channel, ByteBuffer.allocateDirect(BUFFER_BYTES));
    }

    private CaptureOutput(WritableByteChannel channel, ByteBuffer buffer) {
        this.channel = channel;
        this.buffer = buffer.order(ByteOrder.nativeOrder());
    }

    /** As the constructor, with a buffer in the heap: one of many captures of a process leaves no memory behind outside the heap. */
    public static CaptureOutput inHeap(WritableByteChannel channel) {
        return new CaptureOutput(channel, ByteBuffer.allocate(BUFFER_BYTES));
    }

    /** Returns the buffer, with room for so many more bytes. */
    ByteBuffer room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            flush();
        }
        return buffer;
    }

    /** Writes what was collected. */
    void flush() throws IOException {
        buffer.flip();
        writing = true;
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } finally {
            writing = false;
            buffer.clear();
        }
    }

    /** Returns whether it waits for the reader; any thread may ask. */
    public boolean isWriting() {
        return writing;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
