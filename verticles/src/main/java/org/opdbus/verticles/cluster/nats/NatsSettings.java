// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How to reach a NATS system.
 *
 * @param host this host's name
 * @param servers {@code tls://HOST:PORT}; any of them is enough, and streams are kept on as many, at most on three
 * @param credentials a credentials file that is shown in addition to the certificate
 * @param prefix begins the names of all subjects and streams
 * @param tls makes every connection; both ends show a certificate
 */
public record NatsSettings(
        String host, List<String> servers, Optional<Path> credentials, String prefix, SSLContext tls) {
    public NatsSettings {
        servers = List.copyOf(servers);
    }
}
