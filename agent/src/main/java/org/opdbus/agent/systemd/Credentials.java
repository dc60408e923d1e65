// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.systemd;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files that the service manager passes to this service only (systemd.exec(5), {@code LoadCredential=}). */
public final class Credentials {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus");
    private static final String TOKENS = "netmaker.env";

    private Credentials() {}

    /**
     * Returns the file of enrolment tokens: the credential of that name if the service has one, otherwise the
     * configured file. An administrator who gives the service a credential wants it to be used.
     */
    public static Path tokens(Path configured, Map<String, String> environment) {
        String folder = environment.getOrDefault("CREDENTIALS_DIRECTORY", "");
        Path credential = Path.of(folder, TOKENS);
        if (folder.isEmpty() || !Files.exists(credential)) {
            return configured;
        }
        LOG.info("netmaker.tokens from=credential file={}", credential);
        return credential;
    }
}
