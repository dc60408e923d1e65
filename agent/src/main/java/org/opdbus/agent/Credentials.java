// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the service manager hands to this service alone (systemd.exec(5), {@code LoadCredential=}). */
final class Credentials {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus");
    private static final String TOKENS = "netmaker.env";

    private Credentials() {}

    /**
     * The file of enrolment tokens: the credential of that name if the service was given one, else the configured one.
     * Whoever gives the service a credential has meant it to be used.
     */
    static Path tokens(Path configured, Map<String, String> environment) {
        String folder = environment.getOrDefault("CREDENTIALS_DIRECTORY", "");
        Path credential = Path.of(folder, TOKENS);
        if (folder.isEmpty() || !Files.exists(credential)) {
            return configured;
        }
        LOG.info("netmaker.tokens from=credential file={}", credential);
        return credential;
    }
}
