// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads files of proc(5), whose length is only known by reading.
 *
 * <p>A process controls the length of its command line and environment, up to all memory that it has mapped
 * (prctl(2), PR_SET_MM_MAP), so each read has a limit.
 */
public final class ProcText {
    private ProcText() {}

    /**
     * Returns the text of a file, one character per byte.
     *
     * @throws FileSystemException if it is longer than the limit
     */
    public static String read(Path file, int bytesMax) throws IOException {
        String text = start(file, bytesMax + 1);
        if (text.length() > bytesMax) {
            throw new FileSystemException(file.toString(), null, "is longer than " + bytesMax + " bytes");
        }
        return text;
    }

    /** Returns the first bytes of a file as text, one character per byte. */
    public static String start(Path file, int bytesMax) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(bytesMax), StandardCharsets.ISO_8859_1);
        }
    }
}
