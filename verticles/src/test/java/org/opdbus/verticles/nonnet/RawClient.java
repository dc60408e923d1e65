// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.opdbus.verticles.jsonrpc.JsonMessageReader;
import org.opdbus.verticles.jsonrpc.JsonRpcLimits;
import org.opdbus.verticles.limits.ByteBudget;
import org.opdbus.verticles.testing.BusWatcher;

/** A client that sends any bytes at all and reads when it is told to. */
final class RawClient implements AutoCloseable {
    private final SocketChannel channel;
    private final Deque<JsonObject> received = new ArrayDeque<>();
    private final JsonMessageReader reader = new JsonMessageReader(
            new JsonRpcLimits(256 << 20, 64 << 20, 64, 1, 1),
            ByteBudget.unlimited().open(() -> {}));

    RawClient(Path socket) throws IOException {
        channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
    }

    RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    RawClient send(byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
            channel.write(left);
        }
        return this;
    }

    /** The next message, echo requests included. */
    JsonObject next() throws IOException {
        return nextOrEnd().orElseThrow(() -> new AssertionError("the server closed the connection"));
    }

    /** The next message that is no request for a sign of life; gives one whenever it is asked. */
    JsonObject nextAnswer() throws IOException {
        JsonObject message = next();
        while ("echo".equals(message.getString("method"))) {
            giveSignOfLife(message);
            message = next();
        }
        return message;
    }

    /** Answers the server's request for a sign of life. */
    void giveSignOfLife(JsonObject probe) throws IOException {
        send(new JsonObject()
                .put("id", probe.getValue("id"))
                .put("result", probe.getJsonArray("params"))
                .putNull("error")
                .encode());
    }

    /** Reads until the server closes the connection. */
    void expectEnd() throws IOException {
        while (nextOrEnd().isPresent()) {
            received.clear();
        }
    }

    private Optional<JsonObject> nextOrEnd() throws IOException {
        channel.configureBlocking(false);
        long deadline = System.nanoTime() + BusWatcher.GENEROUS.toNanos();
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
            while (received.isEmpty()) {
                long leftMs = (deadline - System.nanoTime()) / 1_000_000;
                if (leftMs <= 0) {
                    throw new AssertionError("nothing came within " + BusWatcher.GENEROUS);
                }
                selector.select(leftMs);
                int read = read(buffer);
                if (read < 0) {
                    return Optional.empty();
                }
                reader.feed(Buffer.buffer().appendBytes(buffer.array(), 0, read));
                for (Optional<JsonObject> next = reader.next(); next.isPresent(); next = reader.next()) {
                    received.add(next.get());
                }
                buffer.clear();
            }
        }
        channel.configureBlocking(true);
        return Optional.of(received.remove());
    }

    private int read(ByteBuffer buffer) {
        try {
            return channel.read(buffer);
        } catch (IOException e) {
            // The server may close with bytes of ours unread, which is said as a reset.
            return -1;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
