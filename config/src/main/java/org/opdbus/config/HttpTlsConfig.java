// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.nio.file.Path;
import java.util.Optional;
import org.opdbus.config.json.Limit;

/**
 * What HTTP is encrypted with. The files are PEM.
 *
 * @param certificate the file with the certificate of this host and of those that have signed it; empty for HTTP without TLS
 * @param key the file with the key of the certificate; empty if it is in the file of the certificate
 */
public record HttpTlsConfig(String certificate, String key) {
    static final Limit<String> FILE =
            Limit.that(file -> file.isEmpty() || file.startsWith("/"), "must be an absolute path, or empty");

    public HttpTlsConfig {
        FILE.check("certificate", certificate);
        FILE.check("key", key);
    }

    public static HttpTlsConfig defaults() {
        return new HttpTlsConfig("", "");
    }

    /** Returns the file of the certificate, if HTTP is encrypted. */
    public Optional<Path> certificateFile() {
        return certificate.isEmpty() ? Optional.empty() : Optional.of(Path.of(certificate));
    }

    /** Returns the file of the key. */
    public Path keyFile() {
        return Path.of(key.isEmpty() ? certificate : key);
    }
}
