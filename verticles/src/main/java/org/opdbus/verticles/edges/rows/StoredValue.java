// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges.rows;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * The value of a column of a row, as plain JSON text, and the time of its last change. It never changes. Rows share equal values
 * that came at the same time.
 */
public final class StoredValue {
    private final byte[] json;
    private final long changedMs;

    /**
     * Takes the JSON text of a value, in UTF-8.
     *
     * @param json must not change afterwards
     */
    public StoredValue(byte[] json, Instant changed) {
        this.json = json;
        changedMs = changed.toEpochMilli();
    }

    /** Returns how many bytes the text has. */
    public int size() {
        return json.length;
    }

    /** Returns the time of the last change; for a value that was there when the agent connected first, the time of that. */
    public Instant changed() {
        return Instant.ofEpochMilli(changedMs);
    }

    long changedMs() {
        return changedMs;
    }

    /** Returns whether the text has these bytes. */
    public boolean hasText(byte[] bytes) {
        return Arrays.equals(json, bytes);
    }

    /** Appends the text. */
    public void appendTo(Buffer buffer) {
        buffer.appendBytes(json);
    }

    /** Returns the text. */
    public String text() {
        return new String(json, StandardCharsets.UTF_8);
    }

    /** Returns the value as a text, number, boolean, JSON array or JSON object. */
    public Object value() {
        return Json.decodeValue(text());
    }

    @Override
    public String toString() {
        return text();
    }
}
