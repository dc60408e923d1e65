// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.opdbus.verticles.http.stream.StreamModel;

/** Reads the stream of the agent in this namespace over a socket of its own, which can be cut anywhere. */
final class StreamClient implements AutoCloseable {
    private static final int PORT = 8080;
    private static final int ONE_READ = 8_192;
    private static final int LINE_END = '\n';

    final StreamModel model = new StreamModel();
    private Optional<Socket> socket = Optional.empty();
    private ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int ofChunk;

    /** Opens the stream, as a browser does that has lost it. */
    void connect() throws IOException {
        connect("");
    }

    void connect(String query) throws IOException {
        close();
        model.cut();
        Socket opened = new Socket(InetAddress.getLoopbackAddress(), PORT);
        socket = Optional.of(opened);
        String resumed =
                model.lastId().map(id -> "Last-Event-ID: " + id + "\r\n").orElse("");
        opened.getOutputStream()
                .write(("GET /api/v1/stream" + query + " HTTP/1.1\r\nHost: localhost\r\n" + resumed + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        opened.setSoTimeout(60_000);
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int each = opened.getInputStream().read();
            if (each < 0) {
                throw new IOException("the agent ended the connection after: " + head);
            }
            head.append((char) each);
        }
        assertThat(head.toString()).startsWith("HTTP/1.1 200 OK").contains("text/event-stream", "chunked");
        line = new ByteArrayOutputStream();
        ofChunk = 0;
    }

    /** Reads at most so many bytes, whatever they are a part of; returns false if none come within the time, or it is over. */
    boolean read(int bytes, int limitMs) throws IOException {
        socket.orElseThrow().setSoTimeout(limitMs);
        byte[] some = new byte[Math.min(bytes, ONE_READ)];
        try {
            int size = socket.orElseThrow().getInputStream().read(some);
            int at = 0;
            while (at < size) {
                at += ofChunk > 0 ? data(some, at, size) : between(some[at]);
            }
            return size > 0;
        } catch (SocketTimeoutException nothing) {
            return false;
        }
    }

    /** Passes on what belongs to the present chunk (RFC 9112, section 7.1); returns how many bytes that are. */
    private int data(byte[] some, int at, int size) {
        int here = Math.min(ofChunk, size - at);
        model.read(Buffer.buffer().appendBytes(some, at, here));
        ofChunk -= here;
        return here;
    }

    /** Takes a byte of the lines between the data of two chunks. */
    private int between(byte one) {
        if (one == LINE_END) {
            String size = line.toString(StandardCharsets.US_ASCII).strip();
            line.reset();
            ofChunk = size.isEmpty() ? 0 : Integer.parseInt(size, 16);
        } else {
            line.write(one);
        }
        return 1;
    }

    /** Reads until nothing has come for this time. */
    void readAll(int quietMs) {
        try {
            while (read(ONE_READ, quietMs)) {}
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Cuts the connection. */
    @Override
    public void close() {
        socket.ifPresent(open -> {
            try {
                open.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        socket = Optional.empty();
    }
}
