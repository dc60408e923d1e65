// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor.host;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the engine of Docker or Podman answers to {@code GET /version}.
 *
 * @param state how the question ended
 * @param failure why there is no answer; empty if there is one
 * @param oldest the oldest version of its API, as the number after {@code 1.}; 0 if it names none
 * @param newest the newest version
 */
public record EngineAnswer(State state, String failure, int oldest, int newest) {
    private static final int LIMIT_S = 5;
    private static final int BYTES_MAX = 128 << 10;
    private static final Pattern VERSION = Pattern.compile("1\\.([0-9]{1,4})");
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([0-9]{3})[ \r].*", Pattern.DOTALL);
    // Of HTTP/1.0, so that the answer is in one piece and the engine ends the connection after it (RFC 1945).
    private static final byte[] QUESTION =
            "GET /version HTTP/1.0\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** How a question ended. */
    public enum State {
        /** There is no such socket, so the host does not have the engine, or it does not run. */
        ABSENT,
        /** This user may not open the socket. */
        FORBIDDEN,
        /** The socket is there, and no usable answer came. */
        SILENT,
        /** The engine answered. */
        ANSWERED
    }

    private static EngineAnswer without(State state, String failure) {
        return new EngineAnswer(state, failure, 0, 0);
    }

    /** Asks the engine at this socket; returns within some {@value #LIMIT_S} s. */
    public static EngineAnswer of(Path socket) {
        if (Files.notExists(socket)) {
            return without(State.ABSENT, "there is no " + socket);
        }
        if (!Files.isWritable(socket)) {
            return without(State.FORBIDDEN, "this user may not open " + socket);
        }
        CompletableFuture<EngineAnswer> answer = new CompletableFuture<>();
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // A thread of its own, because a blocking channel has no limits: closing the channel ends it.
            Thread asking = new Thread(() -> ask(channel, socket, answer), "op-dbus-engine");
            asking.setDaemon(true);
            asking.start();
            return answer.get(LIMIT_S, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            return without(State.SILENT, "no answer came in " + LIMIT_S + " s");
        } catch (IOException | ExecutionException | CompletionException failed) {
            return without(State.SILENT, "it cannot be asked: " + failed.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return without(State.SILENT, "interrupted");
        }
    }

    private static void ask(SocketChannel channel, Path socket, CompletableFuture<EngineAnswer> answer) {
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            ByteBuffer question = ByteBuffer.wrap(QUESTION);
            while (question.hasRemaining()) {
                channel.write(question);
            }
            ByteBuffer said = ByteBuffer.allocate(BYTES_MAX);
            while (said.hasRemaining() && channel.read(said) >= 0) {
                // Until the engine ends the connection.
            }
            answer.complete(read(new String(said.array(), 0, said.position(), StandardCharsets.UTF_8)));
        } catch (ConnectException refused) {
            answer.complete(without(State.SILENT, "no program listens there"));
        } catch (IOException | RuntimeException failed) {
            answer.complete(without(State.SILENT, "it cannot be asked: " + failed.getMessage()));
        }
    }

    /** Reads an answer of HTTP; any text is accepted. */
    static EngineAnswer read(String answer) {
        Matcher status = STATUS.matcher(answer);
        int body = answer.indexOf("\r\n\r\n");
        if (!status.matches() || body < 0) {
            return without(State.SILENT, "its answer is not HTTP");
        }
        if (!status.group(1).equals("200")) {
            return without(State.SILENT, "it answered with the status " + status.group(1));
        }
        try {
            JsonObject said = new JsonObject(answer.substring(body + 4));
            Optional<Integer> newest = minor(said.getValue("ApiVersion", ""));
            return newest.isPresent()
                    ? new EngineAnswer(
                            State.ANSWERED,
                            "",
                            minor(said.getValue("MinAPIVersion", "")).orElse(0),
                            newest.get())
                    : without(State.SILENT, "its answer names no version of the API");
        } catch (DecodeException malformed) {
            return without(State.SILENT, "its answer is not what the API of Docker says");
        }
    }

    private static Optional<Integer> minor(Object version) {
        Matcher matcher = VERSION.matcher(String.valueOf(version));
        return matcher.matches() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
    }
}
