// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/**
 * A text in both encodings that callers may ask for, made once for all of them.
 *
 * @param text the text
 */
record MetricsBody(String text, Buffer plain, Buffer compressed) {
    static MetricsBody of(String text) {
        byte[] plain = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return new MetricsBody(text, Buffer.buffer(plain), Buffer.buffer(compressed.toByteArray()));
    }

    /** Returns whether it is this very object, and not only an equal text. */
    // This avoids comparing tens of kilobytes for each caller.
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(String other) {
        return text == other;
    }
}
