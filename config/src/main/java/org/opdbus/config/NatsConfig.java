// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.opdbus.config.json.JsonValues;
import org.opdbus.config.json.Limit;

/**
 * How this host reaches the NATS system that carries its cluster. Every connection is mutual TLS with the certificate of
 * this host; no key changes that.
 *
 * @param servers the servers, any of which is enough
 * @param credentials a NATS credentials file, in addition to the certificate; empty for none
 * @param prefix begins the names of all subjects and streams, so that several clusters can use one NATS system
 */
public record NatsConfig(List<ListenAddress> servers, String credentials, String prefix) {
    private static final String SCHEME = "tls://";

    static final Limit<String> CREDENTIALS =
            Limit.that(file -> file.isEmpty() || file.startsWith("/"), "must be an absolute path, or empty");
    static final Limit<String> PREFIX = Limit.that(
            prefix -> prefix.matches("[a-z0-9_-]{1,32}"), "must be 1 to 32 lower-case letters, digits, - or _");

    public NatsConfig {
        servers = List.copyOf(servers);
        servers.forEach(address -> server(SCHEME + address));
        CREDENTIALS.check("credentials", credentials);
        PREFIX.check("prefix", prefix);
    }

    public static NatsConfig defaults() {
        return new NatsConfig(List.of(), "", "opdbus");
    }

    /**
     * Parses {@code tls://HOST:PORT}.
     *
     * @throws IllegalArgumentException if the text is nothing to connect to by TLS
     */
    public static ListenAddress server(String text) {
        if (!text.startsWith(SCHEME)) {
            throw new IllegalArgumentException(
                    "must be tls://HOST:PORT, because every connection is TLS, is " + JsonValues.shown(text));
        }
        ListenAddress address = ListenAddress.parse(text.substring(SCHEME.length()));
        if (address.port() == 0) {
            throw new IllegalArgumentException("must have a port of 1 to 65535, is " + JsonValues.shown(text));
        }
        return address;
    }

    /** Returns the servers as {@code tls://HOST:PORT}. */
    public List<String> urls() {
        return servers.stream().map(server -> SCHEME + server).toList();
    }

    /** Returns the credentials file, if there is one. */
    public Optional<Path> credentialsFile() {
        return credentials.isEmpty() ? Optional.empty() : Optional.of(Path.of(credentials));
    }
}
