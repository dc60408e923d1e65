// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.opdbus.config.json.ConfigException.Reason;

/** Reads a whole JSON file, strictly and with a limit. */
public final class JsonFile {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private JsonFile() {}

    /**
     * Returns the document in a file.
     *
     * @throws ConfigException if there is no such file, it cannot be read, it is too large, or it is not one JSON
     * document
     */
    public static JsonNode read(Path file, FileKind kind) throws ConfigException {
        return new JsonParsing(file, kind).tree(text(file, bytes(file, kind.bytesMax())));
    }

    private static byte[] bytes(Path file, int bytesMax) throws ConfigException {
        if (Files.isDirectory(file)) {
            throw new ConfigException(Reason.UNREADABLE, file, "cannot be read: it is a folder");
        }
        // A FIFO would block the reader. Only a caller that names standard input or the like
        // accepts that.
        if (Files.exists(file) && !Files.isRegularFile(file) && !file.startsWith("/dev")) {
            throw new ConfigException(Reason.UNREADABLE, file, "cannot be read: it is not a regular file");
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(bytesMax + 1);
        } catch (NoSuchFileException missing) {
            throw new ConfigException(Reason.MISSING, file, missing(file));
        } catch (IOException failure) {
            throw new ConfigException(Reason.UNREADABLE, file, "cannot be read: " + failure);
        }
        if (bytes.length > bytesMax) {
            throw new ConfigException(
                    Reason.UNREADABLE, file, "is larger than " + bytesMax + " bytes; is it the right file?");
        }
        return bytes;
    }

    private static String missing(Path file) {
        if (!Files.isSymbolicLink(file)) {
            return "there is no such file";
        }
        try {
            return "is a symbolic link to " + Files.readSymbolicLink(file) + ", which does not exist";
        } catch (IOException vanished) {
            return "there is no such file";
        }
    }

    private static String text(Path file, byte[] bytes) throws ConfigException {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            // RFC 8259 §8.1 permits a reader to ignore the mark that some editors put first.
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException notText) {
            throw new ConfigException(Reason.SYNTAX, file, "is not UTF-8 text");
        }
    }
}
