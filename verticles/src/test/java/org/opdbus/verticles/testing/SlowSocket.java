// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A unix socket in front of another. Everything that the server sends reaches the client late, in its order; what the
 * client sends goes on at once. It makes what is heard from a server older than what is heard from elsewhere.
 */
public final class SlowSocket implements AutoCloseable {
    private static final int CHUNK_BYTES = 64 << 10;
    /** When it is full, the server waits. */
    private static final int WAITING_MAX = 4_096;

    private volatile Optional<Path> server = Optional.empty();
    private final Path folder;
    private final ServerSocketChannel listener;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong lateNanos = new AtomicLong();

    /** Bytes on their way; the time is one of {@link System#nanoTime()}. None means the end. */
    private record Late(long dueNanos, ByteBuffer bytes) {}

    /** Begins to listen at a socket of its own. */
    public SlowSocket() {
        try {
            folder = Files.createTempDirectory("slow-");
            listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            listener.bind(UnixDomainSocketAddress.of(path()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start("accept", this::accept);
    }

    /** Stands in front of this server, which may come later; gives the socket to connect to. */
    public Path before(Path server) {
        this.server = Optional.of(server);
        return path();
    }

    private Path path() {
        return folder.resolve("slow.sock");
    }

    /** From now on what the server sends comes this much later. */
    public SlowSocket late(long ms) {
        lateNanos.set(TimeUnit.MILLISECONDS.toNanos(ms));
        return this;
    }

    /** Work that ends when a channel is closed. */
    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void start(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (AsynchronousCloseException e) {
                        // It was closed while it waited.
                    } catch (IOException e) {
                        // One side has gone; the channels of both are closed by what called.
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "slow-socket-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            SocketChannel client = listener.accept();
            SocketChannel upstream = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                upstream.connect(UnixDomainSocketAddress.of(server.orElseThrow()));
            } catch (IOException e) {
                upstream.close();
                client.close();
                continue;
            }
            open.add(client);
            open.add(upstream);
            BlockingQueue<Late> waiting = new LinkedBlockingQueue<>(WAITING_MAX);
            start("up", () -> copy(client, upstream));
            start("down", () -> take(upstream, waiting));
            start("deliver", () -> deliver(waiting, client, upstream));
        }
    }

    private void copy(SocketChannel from, SocketChannel to) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES);
        try {
            while (from.read(buffer.clear()) >= 0) {
                write(to, buffer.flip());
            }
        } finally {
            close(from);
            close(to);
        }
    }

    private void take(SocketChannel from, BlockingQueue<Late> waiting) throws IOException, InterruptedException {
        try {
            while (true) {
                ByteBuffer buffer = ByteBuffer.allocate(CHUNK_BYTES);
                if (from.read(buffer) < 0) {
                    return;
                }
                waiting.put(new Late(System.nanoTime() + lateNanos.get(), buffer.flip()));
            }
        } finally {
            waiting.put(new Late(System.nanoTime() + lateNanos.get(), ByteBuffer.allocate(0)));
        }
    }

    private void deliver(BlockingQueue<Late> waiting, SocketChannel to, SocketChannel from)
            throws IOException, InterruptedException {
        try {
            while (true) {
                Late next = waiting.take();
                TimeUnit.NANOSECONDS.sleep(next.dueNanos() - System.nanoTime());
                if (!next.bytes().hasRemaining()) {
                    return;
                }
                write(to, next.bytes());
            }
        } finally {
            close(to);
            close(from);
        }
    }

    private static void write(SocketChannel to, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            to.write(bytes);
        }
    }

    private void close(SocketChannel channel) throws IOException {
        open.remove(channel);
        channel.close();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (SocketChannel channel : Set.copyOf(open)) {
                close(channel);
            }
            Files.deleteIfExists(path());
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
