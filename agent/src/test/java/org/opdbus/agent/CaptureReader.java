// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads a capture over a WebSocket into a file, as Wireshark's plug-in does. */
final class CaptureReader implements AutoCloseable {
    static final int PORT = 8080;
    private static final long LIMIT_S = 60;

    private final WebSocket socket;
    private final Path file;

    private CaptureReader(WebSocket socket, Path file) {
        this.socket = socket;
        this.file = file;
    }

    /** Opens a capture. */
    static CaptureReader open(WebSocketClient client, String uri, Path file) {
        try {
            WebSocket socket = connect(client, new WebSocketConnectOptions().setURI(uri));
            Files.createFile(file);
            CaptureReader reader = new CaptureReader(socket, file);
            socket.textMessageHandler(text -> {
                throw new AssertionError("a text: " + text);
            });
            socket.handler(reader::write);
            socket.resume();
            return reader;
        } catch (ExecutionException e) {
            throw new AssertionError(uri, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Tries to open a capture, and returns the status with which it is refused. */
    static int refusal(WebSocketClient client, WebSocketConnectOptions options) {
        try {
            WebSocket unwanted = connect(client, options);
            throw new AssertionError("it was opened: " + unwanted.headers());
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(UpgradeRejectedException.class);
            return ((UpgradeRejectedException) e.getCause()).getStatus();
        }
    }

    private static WebSocket connect(WebSocketClient client, WebSocketConnectOptions options)
            throws ExecutionException {
        try {
            return client.connect(options.setHost("127.0.0.1").setPort(PORT))
                    .onSuccess(WebSocket::pause)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(LIMIT_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } catch (TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private void write(Buffer bytes) {
        try {
            Files.write(file, bytes.getBytes(), StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the description of the ports has come: the capture has begun. */
    CaptureReader awaitBegin() {
        eventually(() -> assertThat(CaptureFile.read(file).ports()).isNotEmpty());
        return this;
    }

    void pause() {
        socket.pause();
    }

    void resume() {
        socket.resume();
    }

    boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public void close() {
        try {
            socket.close().toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException closedAlready) {
            assertThat(socket.isClosed()).isTrue();
        }
    }
}
