// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.access;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.opdbus.verticles.kernel.FileFacts;
import org.opdbus.verticles.kernel.RegularFile;

/** The file that holds the token for HTTP. */
public record AccessTokenFile(Path path) {
    private static final int TOKEN_LENGTH_MIN = 16;
    private static final int TOKEN_BYTES_MAX = 4096;

    /**
     * Returns the token in the file; empty if there is no such file. Waits for the disk.
     *
     * @throws IOException if it cannot be used; the message says what to do and never shows the token
     */
    public Optional<String> read() throws IOException {
        // Opened without waiting: a FIFO in its place must not hold up the start of the agent.
        try (RegularFile opened = RegularFile.open(path)) {
            if ((opened.facts().mode() & FileFacts.OTHERS) != 0) {
                throw new IOException(path + " is readable by other users than its owner: chmod 600 " + path);
            }
            String token = new String(opened.read(TOKEN_BYTES_MAX), StandardCharsets.UTF_8).strip();
            if (token.length() < TOKEN_LENGTH_MIN) {
                throw new IOException(path + " holds fewer than " + TOKEN_LENGTH_MIN + " characters: that is no token");
            }
            return Optional.of(token);
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (FileSystemException unusable) {
            throw new IOException(
                    "the agent cannot read the token for HTTP: " + unusable.getMessage()
                            + "; put a regular file with the token there (umask 077; openssl rand -hex 32 > " + path
                            + ")",
                    unusable);
        }
    }
}
