// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands between the agent and an engine, and notes when the engine tells the agent about the start of each container: nobody can act
 * on it before. Its threads go before all others, so that it neither hears late nor delays what it passes on.
 */
final class EngineRelay implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PIECE_BYTES = 64 << 10;

    private final Path engine;
    private final Path socket;
    private final ServerSocketChannel server;
    private final Map<String, Heard> heard = new ConcurrentHashMap<>();

    /**
     * What was heard of a start.
     *
     * @param saidNs the engine's own time of it, in nanoseconds since 1970
     * @param toldNs when the engine told it, of {@link System#nanoTime}
     */
    record Heard(long saidNs, long toldNs) {}

    /** Listens beside the engine's socket; the engine need not run yet. */
    EngineRelay(Path engine) {
        this.engine = engine;
        socket = engine.resolveSibling("relay");
        try {
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    /** Where the agent connects. */
    Path socket() {
        return socket;
    }

    /** What was heard of the container with this port; fails if nothing was. */
    Heard of(String port) {
        Heard found = heard.get(port);
        if (found == null) {
            throw new AssertionError("the engine never told of the start of " + port);
        }
        return found;
    }

    private void accept() throws IOException {
        // The threads that this one starts inherit it.
        TestHost.firstOnTheProcessor();
        while (server.isOpen()) {
            SocketChannel agent = server.accept();
            try {
                SocketChannel there = SocketChannel.open(UnixDomainSocketAddress.of(engine));
                start(() -> pass(agent, there, (piece, now) -> {}));
                Lines lines = new Lines();
                start(() -> pass(there, agent, lines::take));
            } catch (IOException e) {
                // The engine does not run; the agent is told the same.
                agent.close();
            }
        }
    }

    private interface Pieces {
        void take(ByteBuffer piece, long nowNs) throws IOException;
    }

    private static void pass(SocketChannel from, SocketChannel to, Pieces pieces) throws IOException {
        try (from;
                to) {
            ByteBuffer piece = ByteBuffer.allocate(PIECE_BYTES);
            while (from.read(piece) >= 0) {
                long now = System.nanoTime();
                piece.flip();
                to.write(piece.duplicate());
                pieces.take(piece, now);
                piece.clear();
            }
        }
    }

    /** The lines of one connection; those that are no events are headers, sizes of chunks, and answers. */
    private final class Lines {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();

        void take(ByteBuffer piece, long nowNs) throws IOException {
            while (piece.hasRemaining()) {
                byte next = piece.get();
                if (next == '\n') {
                    note(line.toString(StandardCharsets.UTF_8), nowNs);
                    line.reset();
                } else {
                    line.write(next);
                }
            }
        }
    }

    private void note(String line, long nowNs) throws IOException {
        if (!line.startsWith("{") || !line.contains("\"Action\":\"start\"")) {
            return;
        }
        JsonNode event = JSON.readTree(line);
        String id = event.path("Actor").path("ID").asText();
        heard.put("vi" + id.substring(0, 12), new Heard(event.path("timeNano").asLong(), nowNs));
    }

    private interface Work {
        void run() throws IOException;
    }

    private void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (AsynchronousCloseException e) {
                        // Closed from the other direction, or with the relay.
                    } catch (IOException e) {
                        if (server.isOpen()) {
                            // One end has closed the connection; the other one sees that.
                            return;
                        }
                    }
                },
                "engine-relay");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
