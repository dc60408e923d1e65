// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.opdbus.config.HttpConfig;
import org.opdbus.config.HttpTlsConfig;
import org.opdbus.verticles.http.access.AccessTokenFile;
import org.opdbus.verticles.http.access.ServerTls;

/**
 * Who may ask over HTTP: everyone on this host, and from other hosts those who have the token. What crosses the host's links is shown to
 * those who have the token only, also on this host.
 */
public final class HttpAccess {
    private HttpAccess() {}

    /**
     * Returns the options in the configuration, with the token if one is needed. Waits for the disk.
     *
     * @param name of this host
     * @throws IOException if it is needed and cannot be used; the message says what to do and never shows the token
     */
    public static HttpOptions options(HttpConfig config, String name) throws IOException {
        Optional<String> token = config.listen().isLoopback() ? Optional.empty() : Optional.of(token(config));
        Set<String> names = new HashSet<>(config.hosts());
        names.add(name);
        names.add(config.listen().host());
        return new HttpOptions(
                config.listen().host(),
                config.listen().port(),
                token,
                token.or(() -> captureToken(config)),
                Optional.of(new AccessTokenFile(config.tokenFile())),
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
        try {
            return new AccessTokenFile(config.tokenFile()).read();
        } catch (IOException unusable) {
            // The watch of the file tells it.
            return Optional.empty();
        }
    }

    private static String token(HttpConfig config) throws IOException {
        Path file = config.tokenFile();
        return new AccessTokenFile(file)
                .read()
                .orElseThrow(() -> new IOException("http.listen is " + config.listen()
                        + ", which others can reach, and there is no token in " + file
                        + ": write one there (umask 077; openssl rand -hex 32 > " + file
                        + "), or listen on a loopback address"));
    }
}
