// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nats.client.AuthHandler;
import io.nats.client.NKey;
import io.nats.client.Nats;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.cluster.nats.NatsEngine;
import org.opdbus.verticles.cluster.nats.NatsSettings;

class JnatsEngineTest {
    @TempDir
    Path folder;

    private final NKey key = NKey.createUser(new SecureRandom());
    private Path credentials;

    JnatsEngineTest() throws Exception {}

    @BeforeEach
    void write() throws Exception {
        credentials = Files.writeString(
                folder.resolve("host.creds"),
                "-----BEGIN NATS USER JWT-----\neyJ0eXAi\n------END NATS USER JWT------\n\n"
                        + "-----BEGIN USER NKEY SEED-----\n" + new String(key.getSeed())
                        + "\n------END USER NKEY SEED------\n");
        Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void credentials_that_others_can_read_are_refused() throws IOException {
        Files.setPosixFilePermissions(credentials, PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> connect(4222))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("can be read by group or others; set the mode of the file to 0600");
    }

    @Test
    void a_server_that_is_not_there_is_named_with_the_reason() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertThatThrownBy(() -> connect(port))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot connect to a NATS server of [tls://127.0.0.1:" + port + "]: ")
                .hasMessageContaining("Connection refused");
    }

    /** The library comes without its own copy of Bouncy Castle and uses the one of the cluster. */
    @Test
    void credentials_sign_what_a_server_asks() throws Exception {
        AuthHandler handler = Nats.credentials(credentials.toString());
        byte[] nonce = "nonce".getBytes(StandardCharsets.UTF_8);
        assertThat(key.verify(nonce, handler.sign(nonce))).isTrue();
        assertThat(new String(handler.getJWT())).isEqualTo("eyJ0eXAi");
    }

    private void connect(int port) throws Exception {
        NatsSettings settings = new NatsSettings(
                "a", List.of("tls://127.0.0.1:" + port), Optional.of(credentials), "test", SSLContext.getDefault());
        new JnatsEngine()
                .connect(settings, new NatsEngine.Listener() {
                    @Override
                    public void ended() {}

                    @Override
                    public void trustHeard(String text) {}
                })
                .close();
    }
}
