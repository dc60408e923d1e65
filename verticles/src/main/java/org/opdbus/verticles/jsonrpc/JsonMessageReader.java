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
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.jsonrpc.JsonRpcException.Reason;
import org.opdbus.verticles.limits.ByteBudget;

/**
 * Cuts a stream of bytes into JSON objects. The objects follow each other with nothing or white
 * space between them and may be split anywhere. The reader holds no more than one unfinished
 * message. It refuses a message that is too long, too deep or has too many values while it reads
 * it, and counts what it holds in the share of its connection. Do not use it after an exception.
 * Not safe for use by several threads.
 */
public final class JsonMessageReader implements MessageReader {
    /** The memory of a value in addition to its text: an empty object and its place in an array take 88 bytes. */
    private static final int VALUE_BYTES = 96;
    /** Each byte is stored as received, and as text of two bytes. */
    private static final long TEXT_FACTOR = 3;
    /** How many values are parsed before they are counted in the share. */
    private static final int COUNTED_AT_ONCE = 64;
    /**
     * After a longer message a new parser is made, because the old one would keep its buffer as
     * long as the connection lasts.
     */
    private static final int KEPT_BYTES_MAX = 8 << 10;

    private final JsonRpcLimits limits;
    private final ByteBudget.Share share;
    private final JsonFactory factory;
    private JsonParser parser;
    /** The open arrays and objects, each with its name in the enclosing one. */
    private final Deque<Open> open = new ArrayDeque<>();

    private final JacksonGaps gaps = new JacksonGaps();

    private long bytesFed;
    private long parserStart;
    private long messageStart;
    private int values;
    private long counted;
    private boolean isLong;
    private @Nullable JsonObject finished;

    private record Open(
            @Nullable JsonObject object,
            @Nullable JsonArray array,
            @Nullable String name) {}

    /** Creates a reader that counts what it holds in this share. */
    public JsonMessageReader(JsonRpcLimits limits, ByteBudget.Share share) {
        this.limits = limits;
        this.share = share;
        // Many names are row identifiers, so a table of the names seen would only grow.
        factory = JsonFactory.builder()
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(limits.nestingMax())
                        .maxStringLength(limits.messageBytesMax())
                        .build())
                .build();
        parser = parser(factory);
    }

    private static JsonParser parser(JsonFactory factory) {
        try {
            return factory.createNonBlockingByteArrayParser();
        } catch (IOException e) {
            throw new IllegalStateException("a parser without input failed", e);
        }
    }

    @Override
    public void feed(Buffer chunk) {
        byte[] bytes = chunk.getBytes();
        feed(bytes, 0, bytes.length);
    }

    /** The same with a part of an array, which must not change until {@link #next} has returned empty. */
    void feed(byte[] bytes, int from, int to) {
        bytesFed += to - from;
        if (open.isEmpty() && JacksonGaps.isMarkFirst(bytes, from, to)) {
            throw notAnObject();
        }
        gaps.feed(bytes, from, to, bytesFed);
        isLong |= to - from > KEPT_BYTES_MAX;
        // Counted before parsing, because many connections may be read at the same time.
        count(bytesFed);
        try {
            ((ByteArrayFeeder) parser.getNonBlockingInputFeeder()).feedInput(bytes, from, to);
        } catch (IOException e) {
            throw new IllegalStateException("a parser in memory failed", e);
        }
    }

    @Override
    public Optional<JsonObject> next() {
        if (finished != null) {
            finished = null;
            share.give(counted);
            counted = 0;
            values = 0;
        }
        try {
            for (JsonToken token = parser.nextToken();
                    token != null && token != JsonToken.NOT_AVAILABLE;
                    token = parser.nextToken()) {
                take(token);
                if (finished != null) {
                    return Optional.of(finished);
                }
            }
        } catch (JsonProcessingException e) {
            throw new JsonRpcException(
                    Reason.MALFORMED, "the input is not JSON within the limits: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalStateException("a parser in memory failed", e);
        }
        if (open.isEmpty()) {
            if (gaps.lastAt() >= messageStart) {
                // A text, a number or the like, which has begun and not ended.
                throw notAnObject();
            }
            messageStart = bytesFed;
            renew();
        }
        checkLength(bytesFed);
        count(bytesFed);
        return Optional.empty();
    }

    private void renew() {
        if (isLong) {
            isLong = false;
            parser = parser(factory);
            parserStart = bytesFed;
        }
    }

    private void checkValues() {
        values++;
        if (values > limits.valuesMax()) {
            throw new JsonRpcException(
                    Reason.MALFORMED, "a message has more than " + limits.valuesMax() + " names and values");
        }
        if (values % COUNTED_AT_ONCE == 0) {
            count(position());
        }
    }

    private long position() {
        return parserStart + parser.currentLocation().getByteOffset();
    }

    private void count(long end) {
        long cost = TEXT_FACTOR * (end - messageStart) + (long) VALUE_BYTES * values;
        if (cost > counted) {
            if (!share.take(cost - counted)) {
                throw new JsonRpcException(
                        Reason.OVERLOADED,
                        "an unfinished message is the largest part of what the " + "agent holds for all connections");
            }
            counted = cost;
        }
    }

    private void take(JsonToken token) throws IOException {
        if (token != JsonToken.END_OBJECT && token != JsonToken.END_ARRAY) {
            checkValues();
        }
        if (gaps.isWrong(token)) {
            throw new JsonRpcException(
                    Reason.MALFORMED,
                    "the input is not JSON: an object has a name without a value, or ends with a comma");
        }
        switch (token) {
            case START_OBJECT -> open.push(new Open(new JsonObject(), null, parser.currentName()));
            case START_ARRAY -> open.push(new Open(null, new JsonArray(), parser.currentName()));
            case END_OBJECT, END_ARRAY -> close(open.pop());
            case FIELD_NAME -> {}
            case VALUE_STRING -> put(parser.currentName(), parser.getText());
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> put(parser.currentName(), number());
            case VALUE_TRUE -> put(parser.currentName(), true);
            case VALUE_FALSE -> put(parser.currentName(), false);
            case VALUE_NULL -> put(parser.currentName(), null);
            default -> throw new IllegalStateException("an unknown token: " + token);
        }
    }

    /** A number such as 1e400 would become a value that JSON cannot express. */
    private Number number() throws IOException {
        Number number = parser.getNumberValue();
        if (Double.isInfinite(number.doubleValue())) {
            throw new JsonRpcException(Reason.MALFORMED, "a number is larger than a double can be");
        }
        return number;
    }

    private void close(Open closed) {
        if (!open.isEmpty()) {
            put(closed.name, closed.object != null ? closed.object : closed.array);
            return;
        }
        long end = position();
        checkLength(end);
        isLong |= end - messageStart > KEPT_BYTES_MAX;
        messageStart = end;
        if (closed.object == null) {
            throw notAnObject();
        }
        finished = closed.object;
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
        if (end - messageStart > limits.messageBytesMax()) {
            throw new JsonRpcException(
                    Reason.MALFORMED, "a message is longer than " + limits.messageBytesMax() + " bytes");
        }
    }

    private static JsonRpcException notAnObject() {
        return new JsonRpcException(Reason.MALFORMED, "the input is JSON, but not an object");
    }
}
