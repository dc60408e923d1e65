// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.opdbus.config.HttpConfig;
import org.opdbus.config.HttpTlsConfig;
import org.opdbus.verticles.http.access.ServerTls;
import org.opdbus.verticles.kernel.FileFacts;
import org.opdbus.verticles.kernel.RegularFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may ask over HTTP: everyone on this host, and from other hosts those who have the token. What crosses the host's links is shown to
 * those who have the token only, also on this host.
 */
public final class HttpAccess {
    private static final Logger LOG = LoggerFactory.getLogger(HttpAccess.class);
    private static final int TOKEN_LENGTH_MIN = 16;
    private static final int TOKEN_BYTES_MAX = 4096;

    private HttpAccess() {}

    /**
     * Returns the options in the configuration, with the token if one is needed. Waits for the disk.
     *
     * @param name of this host
     * @throws IOException if it is needed and cannot be used; the message says what to do and never shows the token
     */
    public static HttpOptions options(HttpConfig config, String name) throws IOException {
        Optional<String> token =
                config.listen().isLoopback() ? Optional.empty() : Optional.of(token(config.tokenFile(), config));
        Set<String> names = new HashSet<>(config.hosts());
        names.add(name);
        names.add(config.listen().host());
        return new HttpOptions(
                config.listen().host(),
                config.listen().port(),
                token,
                token.or(() -> captureToken(config)),
                names,
                tls(config.tls()));
    }

    private static Optional<ServerTls> tls(HttpTlsConfig config) throws IOException {
        if (config.certificateFile().isPresent()) {
            return Optional.of(ServerTls.of(config.certificateFile().get(), config));
        }
        if (!config.key().isEmpty()) {
            throw new IOException(
                    "http.tls.key is given and http.tls.certificate is not: name the file of the certificate, too");
        }
        return Optional.empty();
    }

    /** Without a usable token there are no captures; that is no reason for the agent not to start. */
    private static Optional<String> captureToken(HttpConfig config) {
        if (Files.notExists(config.tokenFile())) {
            return Optional.empty();
        }
        try {
            return Optional.of(token(config.tokenFile(), config));
        } catch (IOException unusable) {
            LOG.warn("no captures over HTTP: {}", unusable.getMessage());
            return Optional.empty();
        }
    }

    private static String token(Path file, HttpConfig config) throws IOException {
        // Opened without waiting: a FIFO in its place must not hold up the start of the agent.
        try (RegularFile opened = RegularFile.open(file)) {
            if ((opened.facts().mode() & FileFacts.OTHERS) != 0) {
                throw new IOException(file + " is readable by other users than its owner: chmod 600 " + file);
            }
            String token = new String(opened.read(TOKEN_BYTES_MAX), StandardCharsets.UTF_8).strip();
            if (token.length() < TOKEN_LENGTH_MIN) {
                throw new IOException(file + " holds fewer than " + TOKEN_LENGTH_MIN + " characters: that is no token");
            }
            return token;
        } catch (NoSuchFileException none) {
            throw new IOException(
                    "http.listen is " + config.listen() + ", which others can reach, and there is no token in " + file
                            + ": write one there (umask 077; openssl rand -hex 32 > " + file
                            + "), or listen on a loopback address",
                    none);
        } catch (FileSystemException unusable) {
            throw new IOException(
                    "the agent cannot read the token for HTTP: " + unusable.getMessage()
                            + "; put a regular file with the token there (umask 077; openssl rand -hex 32 > " + file
                            + ")",
                    unusable);
        }
    }
}
