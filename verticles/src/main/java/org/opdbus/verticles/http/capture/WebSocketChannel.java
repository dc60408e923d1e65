// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.capture;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Sends bytes as binary messages. A write waits while as much as is allowed is on its way to a slow reader, and fails as soon as the
 * channel is closed. One thread may write, any thread may close.
 */
final class WebSocketChannel implements WritableByteChannel {
    private static final int MESSAGE_BYTES = 32 << 10;
    /** So many messages are on their way at most. */
    private static final int MESSAGES_MAX = 8;

    private final Context loop;
    private final Semaphore places = new Semaphore(MESSAGES_MAX);
    private volatile @Nullable ServerWebSocket socket;
    private volatile boolean open = true;

    /** Creates a channel that sends from this event loop, and fails until it has a WebSocket. */
    WebSocketChannel(Context loop) {
        this.loop = loop;
    }

    /** Sends by this WebSocket from now on. */
    void to(ServerWebSocket opened) {
        socket = opened;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        try {
            places.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("the capture was interrupted").initCause(e);
        }
        ServerWebSocket to = socket;
        if (!open || to == null) {
            throw new ClosedChannelException();
        }
        byte[] message = new byte[Math.min(from.remaining(), MESSAGE_BYTES)];
        from.get(message);
        loop.runOnContext(now -> to.writeBinaryMessage(Buffer.buffer(message)).onComplete(sent -> {
            if (sent.failed()) {
                close();
            }
            places.release();
        }));
        return message.length;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
        // A waiting write looks again.
        places.release();
    }
}
