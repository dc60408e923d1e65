// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import org.opdbus.config.HttpConfig;
import org.opdbus.verticles.http.HttpOptions;

/** Access to HTTP. */
final class HttpAccess {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    private static final int TOKEN_LENGTH_MIN = 16;

    private HttpAccess() {}

    /**
     * Returns the options in the configuration, with the token if one is needed.
     *
     * @throws IOException if it is needed and cannot be used; the message says what to do and never shows the token
     */
    static HttpOptions options(HttpConfig config) throws IOException {
        Optional<String> token =
                config.listen().isLoopback() ? Optional.empty() : Optional.of(token(config.tokenFile(), config));
        return new HttpOptions(config.listen().host(), config.listen().port(), token);
    }

    private static String token(Path file, HttpConfig config) throws IOException {
        try {
            if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
                throw new IOException(file + " is readable by other users than its owner: chmod " + "600 " + file);
            }
            String token = Files.readString(file, StandardCharsets.UTF_8).strip();
            if (token.length() < TOKEN_LENGTH_MIN) {
                throw new IOException(
                        file + " holds fewer than " + TOKEN_LENGTH_MIN + " characters: that is not a token");
            }
            return token;
        } catch (NoSuchFileException none) {
            throw new IOException(
                    "http.listen is " + config.listen() + ", which other hosts can reach, but there "
                            + "is no token in " + file
                            + ": write one there (umask 077; openssl rand -hex 32 > " + file
                            + "), or listen on a loopback address",
                    none);
        }
    }
}
