// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.page;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Stream;
import org.opdbus.verticles.http.EncodedBody;

/**
 * A file that was read.
 *
 * @param tag identifies its content; weak, because it stands for both encodings (RFC 9110 section 8.8.3)
 */
record StoredFile(PageFile file, String tag, Buffer compressed) {
    private static final int TAG_BYTES = 15;

    /** Reads and compresses a file. Waits for the disk. */
    static StoredFile of(PageFile file) throws IOException {
        byte[] bytes = file.bytes();
        return new StoredFile(file, tag(bytes), EncodedBody.of(bytes).compressed());
    }

    private static String tag(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return "W/\"" + Base64.getUrlEncoder().encodeToString(Arrays.copyOf(hash, TAG_BYTES)) + "\"";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Returns whether a header {@code If-None-Match} names this content (RFC 9110 section 13.1.2). */
    boolean isAmong(String header) {
        return Stream.of(header.split(",", -1))
                .map(String::strip)
                .anyMatch(each -> each.equals("*") || each.equals(tag) || each.equals(tag.substring("W/".length())));
    }
}
