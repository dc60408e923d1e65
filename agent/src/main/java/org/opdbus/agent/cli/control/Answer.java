// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.control;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.JsonCopy;

/** An answer of the agent whose result is read as it comes: no tree of it is made. Not safe for use by several threads. */
final class Answer<T> {
    private final JsonValueReader<T> reader;
    private boolean isAnswer;
    private @Nullable T result;
    private @Nullable String error;

    private Answer(JsonValueReader<T> reader) {
        this.reader = reader;
    }

    /** Reads up to the next answer and passes over other messages; empty when the agent has closed the connection. */
    static <T> Optional<Answer<T>> read(JsonParser messages, JsonValueReader<T> reader) throws IOException {
        while (messages.nextToken() != null) {
            Answer<T> read = new Answer<>(reader);
            read.take(messages);
            if (read.isAnswer) {
                return Optional.of(read);
            }
        }
        return Optional.empty();
    }

    private void take(JsonParser message) throws IOException {
        if (message.currentToken() != JsonToken.START_OBJECT) {
            message.skipChildren();
            return;
        }
        while (message.nextToken() == JsonToken.FIELD_NAME) {
            String key = message.currentName();
            JsonToken value = message.nextToken();
            boolean isNull = value == JsonToken.VALUE_NULL;
            switch (key) {
                case "id" -> isAnswer = !isNull;
                case "error" -> error = isNull ? null : errorText(message, value);
                case "result" -> result = isNull ? null : reader.read(message);
                default -> {
                    // Nothing else in an answer concerns the caller.
                }
            }
            message.skipChildren();
        }
    }

    private static String errorText(JsonParser message, JsonToken value) throws IOException {
        return value == JsonToken.VALUE_STRING ? message.getText() : JsonCopy.pretty(message);
    }

    /**
     * Returns the result.
     *
     * @throws CannotRunException with the reason, if the agent refused the request
     */
    T result() {
        String refusal = error;
        if (refusal != null) {
            throw AgentRefusal.of(refusal);
        }
        T read = result;
        if (read == null) {
            throw new CannotRunException("the agent's answer has no result");
        }
        return read;
    }
}
