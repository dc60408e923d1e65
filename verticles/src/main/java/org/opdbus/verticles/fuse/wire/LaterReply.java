// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A reply that comes after the call of the operation has returned. Any thread may give it; only the first one counts. */
public final class LaterReply {
    private final long unique;
    private final Consumer<ByteBuffer> kernel;
    private final Runnable given;
    private final AtomicBoolean isGiven = new AtomicBoolean();

    LaterReply(long unique, Consumer<ByteBuffer> kernel, Runnable given) {
        this.unique = unique;
        this.kernel = kernel;
        this.given = given;
    }

    /** All is done; the reply says nothing else. */
    public void done() {
        send(message(0, 0));
    }

    /** So many bytes were written. */
    public void written(int count) {
        send(message(0, Long.BYTES).putInt(ReplyBuffer.HEADER_BYTES, count));
    }

    /** The caller gets this error. */
    public void failed(int errno) {
        send(message(-errno, 0));
    }

    private ByteBuffer message(int error, int bodyBytes) {
        int length = ReplyBuffer.HEADER_BYTES + bodyBytes;
        return ByteBuffer.allocateDirect(length)
                .order(ByteOrder.nativeOrder())
                .putInt(0, length)
                .putInt(4, error)
                .putLong(8, unique);
    }

    private void send(ByteBuffer message) {
        if (isGiven.compareAndSet(false, true)) {
            given.run();
            kernel.accept(message);
        }
    }
}
