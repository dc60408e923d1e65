// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.agent.systemd.Credentials;

class CredentialsTest {
    private static final Path CONFIGURED = Path.of("/etc/op-dbus/netmaker.env");

    @TempDir
    Path folder;

    @Test
    void a_credential_comes_before_the_configured_file() throws IOException {
        Map<String, String> environment = Map.of("CREDENTIALS_DIRECTORY", folder.toString());
        assertThat(Credentials.tokens(CONFIGURED, environment)).isEqualTo(CONFIGURED);
        Path credential = Files.createFile(folder.resolve("netmaker.env"));
        assertThat(Credentials.tokens(CONFIGURED, environment)).isEqualTo(credential);
    }

    @Test
    void without_credentials_the_configured_file_is_it() {
        assertThat(Credentials.tokens(CONFIGURED, Map.of())).isEqualTo(CONFIGURED);
        assertThat(Credentials.tokens(CONFIGURED, Map.of("CREDENTIALS_DIRECTORY", "")))
                .isEqualTo(CONFIGURED);
    }
}
