// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.opdbus.config.json.ConfigException.Reason;

/**
 * Parses a JSON tree, more strictly than Jackson's own mapper: it refuses a key that is given twice, with its place,
 * because one of the two would be ignored and the user could not know which.
 */
public final class JsonParsing {
    private static final int DEPTH_MAX = 64;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
            .build();

    private final Path file;
    private final FileKind kind;
    private final List<Problem> duplicates = new ArrayList<>();

    public JsonParsing(Path file, FileKind kind) {
        this.file = file;
        this.kind = kind;
    }

    /**
     * Returns the one document in the text.
     *
     * @throws ConfigException with line and column if the text is not JSON, or with every key that is given twice
     */
    public JsonNode tree(String text) throws ConfigException {
        if (text.isBlank()) {
            throw new ConfigException(
                    Reason.SYNTAX, file, "is empty; a file that sets nothing is written " + kind.smallest());
        }
        JsonNode tree;
        try (JsonParser parser = FACTORY.createParser(text)) {
            tree = onlyValue(parser, text);
        } catch (IOException impossible) {
            throw new IllegalStateException("reading from memory failed", impossible);
        }
        if (!duplicates.isEmpty()) {
            throw new ConfigException(Reason.INVALID, file, duplicates);
        }
        return tree;
    }

    private JsonNode onlyValue(JsonParser parser, String text) throws IOException, ConfigException {
        try {
            parser.nextToken();
            JsonNode tree = value(parser, KeyPath.root(kind.notation()));
            if (parser.nextToken() != null) {
                throw refused(parser.currentTokenLocation(), "no text may follow the closing bracket");
            }
            return tree;
        } catch (JsonProcessingException syntax) {
            // Jackson reports a broken limit (depth, digits) without its place.
            JsonLocation place = syntax.getLocation() == null ? parser.currentLocation() : syntax.getLocation();
            throw refused(
                    place,
                    looksLikeComment(text, (int) place.getCharOffset())
                            ? "JSON has no comments; remove this one (" + kind.manual() + " explains every key)"
                            : "not JSON: " + syntax.getOriginalMessage());
        }
    }

    private JsonNode value(JsonParser parser, KeyPath path) throws IOException {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> object(parser, path);
            case START_ARRAY -> array(parser, path);
            case VALUE_STRING -> NODES.textNode(parser.getText());
            case VALUE_TRUE -> NODES.booleanNode(true);
            case VALUE_FALSE -> NODES.booleanNode(false);
            case VALUE_NULL -> NODES.nullNode();
            case VALUE_NUMBER_INT -> NODES.numberNode(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
            case END_ARRAY, END_OBJECT, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT ->
                throw new IllegalStateException("no JSON value begins with " + token);
        };
    }

    private ObjectNode object(JsonParser parser, KeyPath path) throws IOException {
        ObjectNode object = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            JsonLocation place = parser.currentTokenLocation();
            parser.nextToken();
            JsonNode value = value(parser, path.key(key));
            if (object.has(key)) {
                duplicates.add(
                        new Problem(path.key(key).toString(), "is given a second time on line " + place.getLineNr()));
            } else {
                object.set(key, value);
            }
        }
        return object;
    }

    private ArrayNode array(JsonParser parser, KeyPath path) throws IOException {
        ArrayNode array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser, path.index(array.size())));
        }
        return array;
    }

    private ConfigException refused(JsonLocation place, String message) {
        return new ConfigException(
                Reason.SYNTAX, file, "line " + place.getLineNr() + ", column " + place.getColumnNr() + ": " + message);
    }

    private static boolean looksLikeComment(String text, int offset) {
        return text.startsWith("//", offset) || text.startsWith("/*", offset) || text.startsWith("#", offset);
    }
}
