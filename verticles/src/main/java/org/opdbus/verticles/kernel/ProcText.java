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
    private static final int TARGET_BYTES_MAX = 4_095;

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

    /**
     * Returns the target of a symbolic link, cut off after 4095 bytes; empty if there is none, or if it cannot be read. This is
     * for links of many processes: the same call of Java's takes ten times as long, most of all if it fails.
     */
    public static String target(String link) {
        byte[] target = new byte[TARGET_BYTES_MAX];
        int length = (int) LibC.LIBC.readlink(LibC.path(link), target, target.length);
        return length < 0 ? "" : new String(target, 0, length, StandardCharsets.UTF_8);
    }

    /** Returns the first bytes of a file as text, one character per byte. */
    public static String start(Path file, int bytesMax) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return new String(in.readNBytes(bytesMax), StandardCharsets.ISO_8859_1);
        }
    }
}
