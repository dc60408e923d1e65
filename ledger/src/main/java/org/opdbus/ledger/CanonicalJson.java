// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.erdtman.jcs.JsonCanonicalizer;
import org.opdbus.ledger.text.LineScanner;

/**
 * Values as RFC 8785 canonical JSON. The library defines the form. Only values with an obvious form (ASCII without
 * escapes, integers, keys already in order) are written without it, because appending depends on this speed. A test
 * compares both.
 */
public final class CanonicalJson {
    private static final JsonFactory JSON = new JsonFactory();

    private byte[] bytes = new byte[128];
    private int length;

    private CanonicalJson() {}

    /** Returns the canonical JSON of a string, a map or any other value of a draft. */
    public static byte[] of(Object value) {
        CanonicalJson plain = new CanonicalJson();
        return plain.value(value) ? Arrays.copyOf(plain.bytes, plain.length) : byTheLibrary(value);
    }

    /** Writes a value, or returns that it is not plain. */
    private boolean value(Object value) {
        if (value instanceof String text) {
            return text(text);
        }
        if (value instanceof Long number) {
            return Math.abs(number) <= LineScanner.INTEGER_MAX && ascii(number.toString());
        }
        if (value instanceof Boolean truth) {
            return ascii(truth.toString());
        }
        if (value instanceof Map<?, ?> map) {
            return object(map);
        }
        return value instanceof List<?> items && list(items);
    }

    private boolean object(Map<?, ?> map) {
        char separator = '{';
        String before = "";
        for (Map.Entry<?, ?> item : map.entrySet()) {
            String key = (String) item.getKey();
            put(separator);
            if ((separator == ',' && key.compareTo(before) <= 0) || !text(key)) {
                return false;
            }
            put(':');
            if (!value(item.getValue())) {
                return false;
            }
            separator = ',';
            before = key;
        }
        return end(separator == '{' ? "{}" : "}");
    }

    private boolean list(List<?> items) {
        char separator = '[';
        for (Object item : items) {
            put(separator);
            if (!value(item)) {
                return false;
            }
            separator = ',';
        }
        return end(separator == '[' ? "[]" : "]");
    }

    private boolean text(String text) {
        room(text.length() + 2);
        bytes[length++] = '"';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
            bytes[length++] = (byte) c;
        }
        bytes[length++] = '"';
        return true;
    }

    private boolean end(String end) {
        return ascii(end);
    }

    private boolean ascii(String text) {
        room(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
        return true;
    }

    private void put(char c) {
        room(1);
        bytes[length++] = (byte) c;
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }

    /** Writes a value with the library alone. */
    static byte[] byTheLibrary(Object value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = JSON.createGenerator(text)) {
            // The canonicalizer takes only objects and lists, so the value is put into a list and taken out again.
            generator.writeStartArray();
            write(generator, value);
            generator.writeEndArray();
        } catch (IOException e) {
            throw new IllegalStateException("writing into memory failed", e);
        }
        byte[] list = canonicalize(text.toString());
        return Arrays.copyOfRange(list, 1, list.length - 1);
    }

    private static byte[] canonicalize(String json) {
        try {
            return new JsonCanonicalizer(json).getEncodedUTF8();
        } catch (IOException e) {
            throw new IllegalStateException("JSON of our own making is not JSON", e);
        }
    }

    private static void write(JsonGenerator generator, Object value) throws IOException {
        if (value instanceof String text) {
            generator.writeString(text);
        } else if (value instanceof Boolean truth) {
            generator.writeBoolean(truth);
        } else if (value instanceof Long number) {
            generator.writeNumber(number);
        } else if (value instanceof Double number) {
            generator.writeNumber(number);
        } else if (value instanceof Map<?, ?> map) {
            generator.writeStartObject();
            for (Map.Entry<?, ?> item : map.entrySet()) {
                generator.writeFieldName((String) item.getKey());
                write(generator, item.getValue());
            }
            generator.writeEndObject();
        } else if (value instanceof List<?> items) {
            generator.writeStartArray();
            for (Object item : items) {
                write(generator, item);
            }
            generator.writeEndArray();
        } else {
            throw new IllegalStateException("a draft let through a " + value.getClass());
        }
    }
}
