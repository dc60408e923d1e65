// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.jsonrpc.JsonRpcException.Reason;

/**
 * Cuts a stream of bytes into JSON objects, which follow each other with nothing or white space between them and may be
 * split anywhere. Holds no more than one unfinished message and refuses one that is too long or too deep. Of no further
 * use after an exception. Not for use by several threads.
 */
public final class JsonMessageReader {
    private final int bytesMax;
    private final Consumer<JsonObject> messages;
    private final JsonParser parser;
    private final ByteArrayFeeder feeder;
    /** The arrays and objects that are open, each with the name under which it stands in the one around it. */
    private final Deque<Open> open = new ArrayDeque<>();

    private long bytesFed;
    private long messageStart;

    private record Open(
            @Nullable JsonObject object,
            @Nullable JsonArray array,
            @Nullable String name) {}

    /** A reader that hands on each message as soon as its last byte is fed. */
    public JsonMessageReader(int bytesMax, int nestingMax, Consumer<JsonObject> messages) {
        this.bytesMax = bytesMax;
        this.messages = messages;
        // Names are row identifiers as often as not, so a table of names seen would only grow.
        JsonFactory factory = JsonFactory.builder()
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(nestingMax)
                        .maxStringLength(bytesMax)
                        .build())
                .build();
        try {
            parser = factory.createNonBlockingByteArrayParser();
        } catch (IOException e) {
            throw new IllegalStateException("a parser without input failed", e);
        }
        feeder = (ByteArrayFeeder) parser.getNonBlockingInputFeeder();
    }

    /**
     * Takes the next bytes of the stream.
     *
     * @throws JsonRpcException with {@link Reason#MALFORMED} if they are not JSON objects within the limits; messages
     *     before the fault have been handed on
     */
    public void feed(Buffer chunk) {
        byte[] bytes = chunk.getBytes();
        bytesFed += bytes.length;
        try {
            feeder.feedInput(bytes, 0, bytes.length);
            for (JsonToken token = parser.nextToken();
                    token != null && token != JsonToken.NOT_AVAILABLE;
                    token = parser.nextToken()) {
                take(token);
            }
        } catch (JsonProcessingException e) {
            throw new JsonRpcException(
                    Reason.MALFORMED, "what was received is not JSON within the limits: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalStateException("a parser in memory failed", e);
        }
        if (open.isEmpty()) {
            messageStart = bytesFed;
        }
        checkLength(bytesFed);
    }

    private void take(JsonToken token) throws IOException {
        switch (token) {
            case START_OBJECT -> open.push(new Open(new JsonObject(), null, parser.currentName()));
            case START_ARRAY -> open.push(new Open(null, new JsonArray(), parser.currentName()));
            case END_OBJECT, END_ARRAY -> close(open.pop());
            case FIELD_NAME -> {}
            case VALUE_STRING -> put(parser.currentName(), parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> put(parser.currentName(), parser.getNumberValue());
            case VALUE_TRUE -> put(parser.currentName(), true);
            case VALUE_FALSE -> put(parser.currentName(), false);
            case VALUE_NULL -> put(parser.currentName(), null);
            default -> throw new IllegalStateException("a token that JSON does not have: " + token);
        }
    }

    private void close(Open closed) {
        if (!open.isEmpty()) {
            put(closed.name, closed.object != null ? closed.object : closed.array);
            return;
        }
        long end = parser.currentLocation().getByteOffset();
        checkLength(end);
        messageStart = end;
        if (closed.object == null) {
            throw notAnObject();
        }
        messages.accept(closed.object);
    }

    private void put(@Nullable String name, @Nullable Object value) {
        Open around = open.peek();
        if (around == null) {
            throw notAnObject();
        }
        if (around.array != null) {
            around.array.add(value);
        } else if (around.object != null) {
            around.object.put(name, value);
        }
    }

    private void checkLength(long end) {
        if (end - messageStart > bytesMax) {
            throw new JsonRpcException(Reason.MALFORMED, "a message is longer than " + bytesMax + " bytes");
        }
    }

    private static JsonRpcException notAnObject() {
        return new JsonRpcException(Reason.MALFORMED, "what was received is JSON, but not an object");
    }
}
