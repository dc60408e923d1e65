// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.control;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.JsonCopy;
import org.opdbus.agent.cli.output.JsonText;

/** Asks a running agent over its control socket, from a thread that may wait. */
public final class ControlClient implements AgentCalls {
    private final SocketChannel channel;
    private @Nullable JsonParser messages;

    private ControlClient(SocketChannel channel) {
        this.channel = channel;
    }

    /** Returns the next message; empty when the agent has closed the connection. */
    private Optional<JsonNode> message() throws IOException {
        return JsonText.next(reader());
    }

    private JsonParser reader() throws IOException {
        JsonParser reader = messages;
        if (reader == null) {
            reader = JsonText.reader(Channels.newInputStream(channel));
            messages = reader;
        }
        return reader;
    }

    /** Connects to the agent that listens on this socket; empty if no agent does. */
    public static Optional<ControlClient> connect(Path socket) {
        try {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                channel.connect(UnixDomainSocketAddress.of(socket));
                return Optional.of(new ControlClient(channel));
            } catch (IOException e) {
                channel.close();
                throw e;
            }
        } catch (ConnectException e) {
            return Optional.empty();
        } catch (IOException e) {
            if (isAbsent(socket)) {
                return Optional.empty();
            }
            throw new CannotRunException(
                    "cannot ask the agent on " + socket + ": " + e.getMessage()
                            + "; the control socket is for root only",
                    e);
        }
    }

    /**
     * Returns whether it is certain that no agent listens: this process can look into every folder
     * on the path.
     */
    private static boolean isAbsent(Path socket) {
        Path folder = socket.toAbsolutePath().getParent();
        while (folder != null && !Files.exists(folder)) {
            folder = folder.getParent();
        }
        return !Files.exists(socket) && (folder == null || Files.isExecutable(folder));
    }

    /** Connects to the agent; an error if no agent runs. */
    public static ControlClient require(Path socket) {
        return connect(socket)
                .orElseThrow(() -> new CannotRunException("no agent listens on " + socket
                        + "; start it with \"op-dbus run\" or \"systemctl start op-dbus\""));
    }

    /** Copies the text of the answer as it is read: no tree of it is made. */
    @Override
    public String text(String method, List<String> params) {
        return ask(method, params, JsonCopy::pretty);
    }

    /**
     * Sends a request and reads the answer as it comes.
     *
     * @param params as {@link JsonText#request} takes them
     * @throws CannotRunException if the request cannot be carried out, with the reason
     */
    public <T> T ask(String method, List<?> params, JsonValueReader<T> result) {
        try {
            send(JsonText.request(method, params));
            Optional<Answer<T>> answer = Answer.read(reader(), result);
            if (answer.isPresent()) {
                return answer.get().result();
            }
        } catch (IOException | RuntimeException e) {
            throw e instanceof CannotRunException known ? known : lost(e);
        }
        throw endedEarly();
    }

    private static CannotRunException endedEarly() {
        return new CannotRunException("the agent ended before it answered");
    }

    private void send(String request) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public JsonNode call(String method, List<? extends JsonNode> params, Consumer<JsonNode> progress) {
        ObjectNode request = JsonNodeFactory.instance.objectNode().put("id", 0).put("method", method);
        request.putArray("params").addAll(params);
        try {
            send(JsonText.compact(request));
            for (Optional<JsonNode> coming = message(); coming.isPresent(); coming = message()) {
                JsonNode message = coming.get();
                if (message.hasNonNull("id")) {
                    return answer(message);
                }
                if (message.path("method").asText().equals("progress")) {
                    progress.accept(message.path("params").path(0));
                }
            }
        } catch (IOException | RuntimeException e) {
            throw e instanceof CannotRunException known ? known : lost(e);
        }
        throw endedEarly();
    }

    private static JsonNode answer(JsonNode message) {
        JsonNode error = message.path("error");
        if (!error.isNull() && !error.isMissingNode()) {
            throw AgentRefusal.of(error.isTextual() ? error.textValue() : error.toString());
        }
        return message.path("result");
    }

    /**
     * Reads the first parameter of the next notification as it comes; empty when the agent has closed the connection. Passes
     * over other messages.
     */
    public <T> Optional<T> next(JsonValueReader<T> parameter) {
        try {
            JsonParser reader = reader();
            while (reader.nextToken() != null) {
                Optional<T> read = firstParameter(reader, parameter);
                if (read.isPresent()) {
                    return read;
                }
            }
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            throw lost(e);
        }
    }

    private static <T> Optional<T> firstParameter(JsonParser message, JsonValueReader<T> parameter) throws IOException {
        Optional<T> read = Optional.empty();
        if (message.currentToken() != JsonToken.START_OBJECT) {
            message.skipChildren();
            return read;
        }
        while (message.nextToken() == JsonToken.FIELD_NAME) {
            boolean isParameters = message.currentName().equals("params");
            if (message.nextToken() == JsonToken.START_ARRAY && isParameters) {
                boolean isFirst = true;
                while (message.nextToken() != JsonToken.END_ARRAY) {
                    if (isFirst) {
                        read = Optional.of(parameter.read(message));
                    } else {
                        message.skipChildren();
                    }
                    isFirst = false;
                }
            } else {
                message.skipChildren();
            }
        }
        return read;
    }

    private static CannotRunException lost(Exception cause) {
        Throwable root = cause.getCause() instanceof JsonProcessingException inner ? inner : cause;
        return new CannotRunException("the connection to the agent was lost: " + root.getMessage(), cause);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new CannotRunException("closing the control socket failed: " + e.getMessage(), e);
        }
    }
}
