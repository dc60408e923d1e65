// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/** The body of an answer in both encodings that callers may ask for, made once for all of them. */
public record EncodedBody(Buffer plain, Buffer compressed) {
    /** Compresses these bytes. */
    public static EncodedBody of(byte[] plain) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return new EncodedBody(Buffer.buffer(plain), Buffer.buffer(compressed.toByteArray()));
    }

    /** Returns whether a header {@code Accept-Encoding} allows gzip (RFC 9110 section 12.5.3). */
    public static boolean isGzipAccepted(String header) {
        for (String each : header.toLowerCase(Locale.ROOT).split(",", -1)) {
            String[] parts = each.strip().split(";", 2);
            if (parts[0].strip().equals("gzip")) {
                return parts.length == 1 || !parts[1].strip().matches("q=0(\\.0{0,3})?");
            }
        }
        return false;
    }
}
