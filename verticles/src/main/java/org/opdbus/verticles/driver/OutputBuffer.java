// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Keeps the beginning and the end of a program's output, and counts the rest. */
final class OutputBuffer {
    private static final int CHUNK_BYTES = 65_536;

    private final int halfMax;
    private final ByteArrayOutputStream head = new ByteArrayOutputStream();
    private final byte[] tail;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private long tailBytes;

    OutputBuffer(int bytesMax) {
        halfMax = bytesMax / 2;
        tail = new byte[halfMax];
    }

    /** Reads the available data, without waiting for more; returns whether there was any. */
    boolean fill(InputStream in) throws IOException {
        int available = in.available();
        if (available <= 0) {
            return false;
        }
        int read = in.read(chunk, 0, Math.min(available, chunk.length));
        if (read > 0) {
            add(read);
        }
        return read > 0;
    }

    private void add(int length) {
        int toHead = Math.min(length, halfMax - head.size());
        head.write(chunk, 0, toHead);
        for (int i = toHead; i < length; i++) {
            tail[(int) (tailBytes++ % halfMax)] = chunk[i];
        }
    }

    boolean isTruncated() {
        return tailBytes > halfMax;
    }

    /** Returns the kept text, with a line in the place of the rest. */
    String text(Redaction redaction) {
        if (!isTruncated()) {
            head.write(tail, 0, (int) tailBytes);
            String whole = head.toString(StandardCharsets.UTF_8);
            tailBytes = 0;
            return redaction.strike(whole);
        }
        ByteArrayOutputStream last = new ByteArrayOutputStream(halfMax);
        int start = (int) (tailBytes % halfMax);
        last.write(tail, start, halfMax - start);
        last.write(tail, 0, start);
        return redaction.strikeHead(head.toString(StandardCharsets.UTF_8)) + "\n[… " + (tailBytes - halfMax)
                + " bytes left out …]\n" + redaction.strikeTail(last.toString(StandardCharsets.UTF_8));
    }
}
