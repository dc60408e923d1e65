// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.introspect.NetworkDocument.Evidence;

/** Members of a JSON object. An object has no member for what it does not have. */
final class JsonFields {
    private static final String NOBODY = "nobody";

    private final JsonGenerator json;

    JsonFields(JsonGenerator json) {
        this.json = json;
    }

    /** Writes one object of an array. */
    @FunctionalInterface
    interface ObjectWriter<T> {
        void write(T value) throws IOException;
    }

    void text(String key, String value) throws IOException {
        json.writeStringField(key, value);
    }

    void textIfAny(String key, String value) throws IOException {
        if (!value.isEmpty()) {
            json.writeStringField(key, value);
        }
    }

    void text(String key, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            json.writeStringField(key, value.get());
        }
    }

    void number(String key, long value) throws IOException {
        json.writeNumberField(key, value);
    }

    void number(String key, Optional<? extends Number> value) throws IOException {
        if (value.isPresent()) {
            json.writeNumberField(key, value.get().longValue());
        }
    }

    /** Writes a number of which 0 means that there is none. */
    void numberIfAny(String key, long value) throws IOException {
        if (value != 0) {
            json.writeNumberField(key, value);
        }
    }

    void flag(String key, boolean value) throws IOException {
        json.writeBooleanField(key, value);
    }

    void texts(String key, Collection<String> values) throws IOException {
        json.writeArrayFieldStart(key);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    void textsIfAny(String key, Collection<String> values) throws IOException {
        if (!values.isEmpty()) {
            texts(key, values);
        }
    }

    <T> void objects(String key, Collection<T> values, ObjectWriter<T> writer) throws IOException {
        json.writeArrayFieldStart(key);
        for (T value : values) {
            json.writeStartObject();
            writer.write(value);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Writes who owns the object: a name, and everything that is known of it. */
    void owners(List<Evidence> owners) throws IOException {
        text("owner", owners.isEmpty() ? NOBODY : owners.get(0).owner());
        objects("claims", owners, owner -> {
            text("owner", owner.owner());
            text("what", owner.what());
            text("evidence", owner.evidence());
        });
    }
}
