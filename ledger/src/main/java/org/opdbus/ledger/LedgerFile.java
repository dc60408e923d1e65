// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Arrays;
import java.util.ServiceLoader;
import java.util.Set;

/**
 * How this package opens and makes every file in a ledger's directory: regular files only, and never through a
 * symbolic link, so that the files of other users can neither block a reader nor lead a writer to another file.
 */
public final class LedgerFile {
    private static final RegularFiles FILES =
            ServiceLoader.load(RegularFiles.class).findFirst().orElseGet(PlainFiles::new);

    private LedgerFile() {}

    public static FileChannel openToRead(Path file) throws IOException {
        return FILES.open(file, StandardOpenOption.READ);
    }

    public static FileChannel openToWrite(Path file) throws IOException {
        return FILES.open(file, StandardOpenOption.WRITE);
    }

    /**
     * Makes a file that does not exist yet. O_EXCL (open(2)) follows no symbolic link and opens nothing that exists.
     */
    public static FileChannel create(Path file, FileAttribute<?> mode) throws IOException {
        return FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode);
    }

    /** Makes a file and replaces an existing one of this name. */
    public static FileChannel replace(Path file, FileAttribute<?> mode) throws IOException {
        Files.deleteIfExists(file);
        return create(file, mode);
    }

    /** Returns the content of a file of the ledger; refuses more than the limit. */
    public static byte[] read(Path file, int bytesMax) throws IOException {
        try (FileChannel channel = openToRead(file)) {
            long size = channel.size();
            if (size > bytesMax) {
                throw tooLong(file, bytesMax);
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) size);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // A read may return less than was requested.
            }
            return Arrays.copyOf(bytes.array(), bytes.position());
        }
    }

    /** Returns the content of a file that the user named, of any kind; refuses more than the limit. */
    static byte[] readNamed(Path file, int bytesMax) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(bytesMax + 1);
            if (bytes.length > bytesMax) {
                throw tooLong(file, bytesMax);
            }
            return bytes;
        }
    }

    private static FileSystemException tooLong(Path file, int bytesMax) {
        return new FileSystemException(file.toString(), null, "it is over " + bytesMax + " bytes long");
    }
}
