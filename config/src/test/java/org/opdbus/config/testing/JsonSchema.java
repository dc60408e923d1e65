// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Evaluates a published schema: as much of draft 2020-12 as it uses, and no keyword that it does not know, so that none is passed
 * over.
 */
public final class JsonSchema {
    private static final Set<String> ANNOTATIONS = Set.of("$schema", "$id", "$defs", "title", "description");

    private final JsonNode root;

    private JsonSchema(JsonNode root) {
        this.root = root;
    }

    /** Returns the schema with this text. */
    public static JsonSchema of(String text) throws IOException {
        return new JsonSchema(new ObjectMapper().readTree(text));
    }

    public JsonNode root() {
        return root;
    }

    /** Returns a part of the schema that others refer to. */
    public JsonNode definition(String name) {
        return root.get("$defs").get(name);
    }

    /** Returns whether a document is as the schema says. */
    public boolean accepts(JsonNode document) {
        return accepts(root, document);
    }

    /** Returns whether the document with this text is as the schema says. */
    public boolean accepts(String text) throws IOException {
        return accepts(new ObjectMapper().readTree(text));
    }

    private boolean accepts(JsonNode schema, JsonNode value) {
        for (Map.Entry<String, JsonNode> keyword : schema.properties()) {
            if (!ANNOTATIONS.contains(keyword.getKey())
                    && !accepts(keyword.getKey(), keyword.getValue(), schema, value)) {
                return false;
            }
        }
        return true;
    }

    private boolean accepts(String keyword, JsonNode argument, JsonNode schema, JsonNode value) {
        return switch (keyword) {
            case "$ref" -> accepts(root.at(argument.textValue().substring(1)), value);
            case "type" -> isOf(argument.textValue(), value);
            case "enum" -> contains(argument, value);
            case "pattern" ->
                !value.isTextual()
                        || Pattern.compile(argument.textValue())
                                .matcher(value.textValue())
                                .find();
            case "minimum" -> !value.isNumber() || value.decimalValue().compareTo(argument.decimalValue()) >= 0;
            case "maximum" -> !value.isNumber() || value.decimalValue().compareTo(argument.decimalValue()) <= 0;
            case "required" -> !value.isObject() || hasAll(argument, value);
            case "properties" -> !value.isObject() || everyMember(argument, value);
            case "additionalProperties" -> !value.isObject() || noOther(schema, argument, value);
            case "items" -> !value.isArray() || everyItem(argument, value);
            default -> throw new IllegalArgumentException("unknown keyword " + keyword);
        };
    }

    private static boolean isOf(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isTextual();
            case "boolean" -> value.isBoolean();
            case "integer" -> value.isIntegralNumber();
            default -> throw new IllegalArgumentException("unknown type " + type);
        };
    }

    private static boolean contains(JsonNode list, JsonNode value) {
        for (JsonNode item : list) {
            if (item.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasAll(JsonNode keys, JsonNode value) {
        for (JsonNode key : keys) {
            if (!value.has(key.textValue())) {
                return false;
            }
        }
        return true;
    }

    private boolean everyMember(JsonNode schemas, JsonNode value) {
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            JsonNode schema = schemas.get(member.getKey());
            if (schema != null && !accepts(schema, member.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static boolean noOther(JsonNode schema, JsonNode allowed, JsonNode value) {
        if (allowed.booleanValue()) {
            return true;
        }
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            if (!schema.get("properties").has(member.getKey())) {
                return false;
            }
        }
        return true;
    }

    private boolean everyItem(JsonNode schema, JsonNode list) {
        for (JsonNode item : list) {
            if (!accepts(schema, item)) {
                return false;
            }
        }
        return true;
    }
}
