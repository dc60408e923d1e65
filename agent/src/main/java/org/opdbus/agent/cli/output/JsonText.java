// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Converts between JSON values and text with Jackson's parser and generator only. To make an
 * ObjectMapper, which handles beans and calendars, takes longer than most commands run.
 */
public final class JsonText {
    static final JsonFactory JSON = new JsonFactory();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonText() {}

    /** Returns a reader of the values in a stream. It reads only when asked for a value. */
    public static JsonParser reader(InputStream stream) throws IOException {
        return JSON.createParser(stream);
    }

    /** Returns a reader of the values in a text. */
    public static JsonParser reader(String text) throws IOException {
        return JSON.createParser(text);
    }

    /** Moves a reader in front of an object to the value of this member, and returns whether the object has it. */
    public static boolean enter(JsonParser reader, String member) throws IOException {
        if (reader.nextToken() != JsonToken.START_OBJECT) {
            return false;
        }
        while (reader.nextToken() == JsonToken.FIELD_NAME) {
            boolean isIt = reader.currentName().equals(member);
            reader.nextToken();
            if (isIt) {
                return true;
            }
            reader.skipChildren();
        }
        return false;
    }

    /** Returns the next value; empty at the end of the stream. */
    public static Optional<JsonNode> next(JsonParser reader) throws IOException {
        return reader.nextToken() == null ? Optional.empty() : Optional.of(value(reader));
    }

    /**
     * Writes a request to an agent.
     *
     * @param params texts, whole numbers, truth values, and lists and maps of these
     */
    public static String request(String method, List<?> params) {
        StringWriter text = new StringWriter();
        try (JsonGenerator writer = JSON.createGenerator(text)) {
            writer.writeStartObject();
            writer.writeNumberField("id", 0);
            writer.writeStringField("method", method);
            writer.writeFieldName("params");
            write(params, writer);
            writer.writeEndObject();
        } catch (IOException impossible) {
            throw new IllegalStateException("a request can always be written to memory", impossible);
        }
        return text.toString();
    }

    private static void write(Object value, JsonGenerator writer) throws IOException {
        if (value instanceof List<?> list) {
            writer.writeStartArray();
            for (Object one : list) {
                write(one, writer);
            }
            writer.writeEndArray();
        } else if (value instanceof Map<?, ?> map) {
            writer.writeStartObject();
            for (Map.Entry<?, ?> member : map.entrySet()) {
                writer.writeFieldName(String.valueOf(member.getKey()));
                write(member.getValue(), writer);
            }
            writer.writeEndObject();
        } else if (value instanceof Boolean truth) {
            writer.writeBoolean(truth);
        } else if (value instanceof Long number) {
            writer.writeNumber(number);
        } else {
            writer.writeString((String) value);
        }
    }

    /** Returns the object that the reader is at as a map of texts, numbers, truth values, null, and lists and maps of these. */
    public static Map<String, Object> map(JsonParser reader) throws IOException {
        Map<String, Object> map = new LinkedHashMap<>();
        while (reader.nextToken() == JsonToken.FIELD_NAME) {
            String key = reader.currentName();
            reader.nextToken();
            map.put(key, plainValue(reader));
        }
        return map;
    }

    // A JSON null is a null in the map.
    @SuppressWarnings("NullAway")
    private static @Nullable Object plainValue(JsonParser reader) throws IOException {
        return switch (reader.currentToken()) {
            case START_OBJECT -> map(reader);
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (reader.nextToken() != JsonToken.END_ARRAY) {
                    list.add(plainValue(reader));
                }
                yield list;
            }
            case VALUE_TRUE, VALUE_FALSE -> reader.getBooleanValue();
            case VALUE_NULL -> null;
            case VALUE_NUMBER_INT ->
                reader.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                        ? reader.getBigIntegerValue()
                        : (Object) reader.getLongValue();
            case VALUE_NUMBER_FLOAT -> reader.getDoubleValue();
            default -> reader.getText();
        };
    }

    /** Returns the value that the reader is at, and moves the reader to its end. */
    public static JsonNode current(JsonParser reader) throws IOException {
        return value(reader);
    }

    private static JsonNode value(JsonParser reader) throws IOException {
        JsonToken token = reader.currentToken();
        return switch (token) {
            case START_OBJECT -> object(reader);
            case START_ARRAY -> array(reader);
            case VALUE_STRING -> NODES.textNode(reader.getText());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case VALUE_NUMBER_INT -> integer(reader);
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(reader.getDoubleValue());
            case END_ARRAY, END_OBJECT, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalStateException("no JSON value begins with " + token);
        };
    }

    private static JsonNode integer(JsonParser reader) throws IOException {
        return switch (reader.getNumberType()) {
            case INT -> NODES.numberNode(reader.getIntValue());
            case LONG -> NODES.numberNode(reader.getLongValue());
            default -> NODES.numberNode(reader.getBigIntegerValue());
        };
    }

    private static ObjectNode object(JsonParser reader) throws IOException {
        ObjectNode object = NODES.objectNode();
        while (reader.nextToken() != JsonToken.END_OBJECT) {
            String key = reader.currentName();
            reader.nextToken();
            object.set(key, value(reader));
        }
        return object;
    }

    private static ArrayNode array(JsonParser reader) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (reader.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(reader));
        }
        return array;
    }

    /** Writes the value for programs, without blanks. */
    public static String compact(JsonNode value) {
        return written(value, new MinimalPrettyPrinter());
    }

    /**
     * Writes the value for people and programs, on several lines, indented by two blanks per level.
     */
    public static String pretty(JsonNode value) {
        return written(value, new DefaultPrettyPrinter());
    }

    private static String written(JsonNode value, PrettyPrinter style) {
        StringWriter text = new StringWriter();
        try (JsonGenerator writer = JSON.createGenerator(text).setPrettyPrinter(style)) {
            JsonParser tree = value.traverse();
            tree.nextToken();
            writer.copyCurrentStructure(tree);
        } catch (IOException impossible) {
            throw new IllegalStateException("a JSON tree can always be written to memory", impossible);
        }
        return text.toString();
    }
}
