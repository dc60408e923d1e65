// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.jackson.VertxModule;
import java.io.IOException;
import java.util.Optional;

/**
 * Messages as JSON: {@code {"v":2,"host":…,"for":…,"kind":…}} and the fields of the kind; a message for all hosts has
 * no {@code for}. A later version may add fields and kinds, which this one ignores; what this version defines keeps its
 * meaning in every later one. A field that is missing, or of another type, makes the message malformed; only {@code
 * next_ms} of a head may be missing, which counts as 0.
 */
public final class Wire {
    /** Version 1 had other kinds of messages, without signatures; agents of it ignore the kinds of this one. */
    static final int VERSION = 2;
    /** A larger message is not read; the largest that this program sends is smaller. */
    public static final int BYTES_MAX = 1 << 20;
    /** A fact over this is sent without its data. */
    public static final int ONE_BYTES_MAX = 1 << 19;
    /** A list of several facts, entries or containers is no longer than this. */
    public static final int BATCH_BYTES_MAX = 1 << 18;

    /** The largest number of hosts; messages of further hosts are ignored. */
    public static final int HOSTS_MAX = 1024;

    private static final int NAME_LENGTH_MAX = 256;

    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new VertxModule())
            .addModule(new SimpleModule().addDeserializer(long.class, new Count()))
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.FAIL_ON_INVALID_SUBTYPE)
            .enable(
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    texts -> texts.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    private Wire() {}

    /** Returns the bytes of a message; {@code to} is the only host that may read it, if the message is not for all. */
    public static Buffer write(Message message, String to) {
        ObjectNode json = JSON.<ObjectNode>valueToTree(message).put("v", VERSION);
        try {
            return Buffer.buffer(JSON.writeValueAsBytes(message.isForAll() ? json : json.put("for", to)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /**
     * Parses a message; empty if it is of a kind that this version does not know.
     *
     * @throws IllegalArgumentException if it is malformed, with the error
     */
    public static Optional<Message> read(Buffer bytes) {
        return read(json(bytes));
    }

    /** Returns the only host that may read a message; empty if the message is for all, or its agent names none yet. */
    static Optional<String> receiver(JsonNode json) {
        return json.has("for") ? Optional.of(name(json, "for")) : Optional.empty();
    }

    /** Returns the sender that a message names, if it can be found out. */
    public static Optional<String> hostOf(Buffer bytes) {
        try {
            return Optional.of(name(json(bytes), "host"));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static JsonNode json(Buffer bytes) {
        if (bytes.length() > BYTES_MAX) {
            throw new IllegalArgumentException("it is over " + BYTES_MAX + " bytes long");
        }
        try {
            return JSON.reader(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readTree(bytes.getBytes());
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    static Optional<Message> read(JsonNode json) {
        if (!json.path("v").isIntegralNumber() || json.path("v").asLong() < VERSION) {
            throw new IllegalArgumentException("it is of an earlier program, whose messages carry no signature");
        }
        name(json, "host");
        if (name(json, "kind").equals("head") && !json.has("next_ms")) {
            // Agents before this field send none.
            ((ObjectNode) json).put("next_ms", 0L);
        }
        try {
            return Optional.ofNullable(JSON.treeToValue(json, Message.class));
        } catch (IOException | RuntimeException e) {
            throw malformed(e);
        }
    }

    private static IllegalArgumentException malformed(Exception e) {
        String why = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        return new IllegalArgumentException("it is not a message: " + why, e);
    }

    private static String name(JsonNode json, String key) {
        return checkName(key, json.path(key).isTextual() ? json.path(key).textValue() : "");
    }

    static String checkName(String key, String name) {
        if (name.isEmpty() || name.length() > NAME_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "its \"" + key + "\" is not a name of 1 to " + NAME_LENGTH_MAX + " characters");
        }
        return name;
    }

    /** Every number is a height, a count or a time: from 0 on, and so small that sums of two do not overflow. */
    private static final class Count extends StdScalarDeserializer<Long> {
        private static final long serialVersionUID = 1;

        private Count() {
            super(long.class);
        }

        @Override
        public Long deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
                    || parser.getLongValue() < 0
                    || parser.getLongValue() > Long.MAX_VALUE / 2) {
                throw new IllegalArgumentException("its \"" + parser.currentName() + "\" is not a number from 0 on");
            }
            return parser.getLongValue();
        }
    }
}
