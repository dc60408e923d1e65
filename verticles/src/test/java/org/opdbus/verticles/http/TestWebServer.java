// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.limits.ByteBudget;

/** A server with the faces of a test, and callers that say exactly what the test wants. */
public final class TestWebServer implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final int port;

    private TestWebServer(HttpOptions options, List<WebFace> faces) {
        HttpVerticle verticle = new HttpVerticle(options, faces, new ByteBudget(8 << 20));
        vertx.deployVerticle(verticle)
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
        port = verticle.port();
    }

    /** Opens one on a loopback address, without a token. */
    public static TestWebServer open(WebFace... faces) {
        return open(
                new HttpOptions(
                        "127.0.0.1",
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Set.of(),
                        Optional.empty()),
                faces);
    }

    public static TestWebServer open(HttpOptions options, WebFace... faces) {
        return new TestWebServer(options, List.of(faces));
    }

    public int port() {
        return port;
    }

    /** Sends a request with these lines of headers, and returns the whole answer, which ends with the connection. */
    public String ask(String request, String... headers) {
        StringBuilder text = new StringBuilder(request).append(" HTTP/1.1\r\nConnection: close\r\n");
        if (List.of(headers).stream().noneMatch(each -> each.startsWith("Host:"))) {
            text.append("Host: 127.0.0.1:").append(port).append("\r\n");
        }
        for (String each : headers) {
            text.append(each).append("\r\n");
        }
        return say(text.append("\r\n").toString());
    }

    /** Sends this, and returns everything that comes until the server closes the connection. */
    public String say(String text) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a stream, and reads until it has begun with {@code data: begun}. */
    public Socket stream(String path, String header) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(60_000);
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n" + header + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        StringBuilder begun = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (!begun.toString().endsWith("data: begun\n\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new AssertionError("the stream ended before it had begun: " + begun);
            }
            begun.append((char) next);
        }
        return socket;
    }

    /** Returns what comes until the server ends the stream. */
    public static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        vertx.close()
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }
}
