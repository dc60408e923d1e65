// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Many connections that send the same bytes again and again, as fast as the other side reads, and read nothing. A
 * closed connection is opened again.
 */
final class Flood implements AutoCloseable {
    private static final int REPEATED_BYTES_MIN = 64 << 10;
    private static final long LOOK_AGAIN_MS = 5;

    private final SocketAddress target;
    private final int connections;
    private final byte[] bytes;
    private final boolean isRepeated;
    private final Selector selector = selector();
    private final Thread thread = new Thread(this::run, "flood");
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong opened = new AtomicLong();
    private volatile boolean isOver;

    /** The bytes that one connection still has to send. */
    private record Connection(ByteBuffer left) {}

    private Flood(SocketAddress target, int connections, byte[] bytes, boolean isRepeated) {
        this.target = target;
        this.connections = connections;
        this.bytes = bytes;
        this.isRepeated = isRepeated;
    }

    /** Opens connections that send these requests over and over. */
    static Flood of(SocketAddress target, int connections, String request) {
        return new Flood(target, connections, many(request), true).begin();
    }

    /** Opens connections that send these bytes once, and then stay. */
    static Flood once(SocketAddress target, int connections, String bytes) {
        return new Flood(target, connections, bytes.getBytes(StandardCharsets.UTF_8), false).begin();
    }

    static SocketAddress http() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);
    }

    static SocketAddress unix(Path socket) {
        return UnixDomainSocketAddress.of(socket);
    }

    private static byte[] many(String request) {
        return request.repeat(REPEATED_BYTES_MIN / request.length() + 1).getBytes(StandardCharsets.UTF_8);
    }

    private static Selector selector() {
        try {
            return Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Flood begin() {
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    /** Returns how many bytes the other side's kernel has taken. */
    long sent() {
        return sent.get();
    }

    /** Returns how many connections were made. */
    long opened() {
        return opened.get();
    }

    private void run() {
        while (!isOver) {
            while (!isOver && selector.keys().size() < connections && open()) {}
            try {
                selector.select(this::send, LOOK_AGAIN_MS);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private boolean open() {
        @Nullable SocketChannel channel = null;
        try {
            channel = target instanceof UnixDomainSocketAddress
                    ? SocketChannel.open(StandardProtocolFamily.UNIX)
                    : SocketChannel.open();
            // Connecting to a unix socket succeeds or fails at once, and must not wait for the
            // other side.
            channel.configureBlocking(false);
            boolean isConnected = channel.connect(target);
            opened.addAndGet(isConnected ? 1 : 0);
            channel.register(
                    selector,
                    isConnected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT,
                    new Connection(ByteBuffer.wrap(bytes)));
            return true;
        } catch (IOException e) {
            // There is no room for it, or no process listens at the moment.
            close(channel);
            return false;
        }
    }

    private void send(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        ByteBuffer left = ((Connection) key.attachment()).left();
        try {
            if (key.isConnectable() && channel.finishConnect()) {
                opened.incrementAndGet();
                key.interestOps(SelectionKey.OP_WRITE);
            }
            sent.addAndGet(channel.isConnected() ? channel.write(left) : 0);
            if (!left.hasRemaining()) {
                if (isRepeated) {
                    left.rewind();
                } else {
                    // It reads nothing, so it does not notice the end either.
                    key.interestOps(0);
                }
            }
        } catch (IOException e) {
            close(channel);
        }
    }

    private static void close(@Nullable Channel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        isOver = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        selector.keys().stream().map(SelectionKey::channel).toList().forEach(Flood::close);
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
