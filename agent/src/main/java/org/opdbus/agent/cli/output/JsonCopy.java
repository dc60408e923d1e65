// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.output;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.util.Set;

/** Writes JSON values while they are read, without making trees of them. Each method moves the reader to the end of the value. */
public final class JsonCopy {
    private JsonCopy() {}

    /** Writes the value that the reader is at as {@link JsonText#pretty} would write it. */
    public static String pretty(JsonParser reader) throws IOException {
        return copied(reader, new DefaultPrettyPrinter());
    }

    /** Writes the value that the reader is at as {@link JsonText#compact} would write it. */
    public static String compact(JsonParser reader) throws IOException {
        return copied(reader, new MinimalPrettyPrinter());
    }

    private static String copied(JsonParser reader, PrettyPrinter style) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator writer = JsonText.JSON.createGenerator(text).setPrettyPrinter(style)) {
            writer.copyCurrentStructure(reader);
        }
        return text.toString();
    }

    /** Writes the next value without blanks, in UTF-8; does not close the stream. */
    public static void next(JsonParser reader, OutputStream to) throws IOException {
        reader.nextToken();
        try (JsonGenerator writer =
                JsonText.JSON.createGenerator(to).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)) {
            writer.copyCurrentStructure(reader);
        }
    }

    /** Writes the object that the reader is at without blanks, and of its members only these. */
    public static String members(JsonParser reader, Set<String> members) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator writer = JsonText.JSON.createGenerator(text)) {
            writer.writeStartObject();
            while (reader.nextToken() == JsonToken.FIELD_NAME) {
                if (members.contains(reader.currentName())) {
                    writer.copyCurrentStructure(reader);
                } else {
                    reader.nextToken();
                    reader.skipChildren();
                }
            }
            writer.writeEndObject();
        }
        return text.toString();
    }
}
