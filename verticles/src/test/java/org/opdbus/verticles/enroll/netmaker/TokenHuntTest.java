// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.enroll.netmaker.server.MeshServer;
import org.slf4j.LoggerFactory;

/** That the hunt finds what it hunts. */
class TokenHuntTest {
    private final MeshServer server = new MeshServer("127.0.0.1", 0);

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void a_token_among_arguments_or_in_an_environment_is_found() throws IOException {
        String token = server.token(1);
        ProcessBuilder argument = new ProcessBuilder("sh", "-c", "read -r line", token);
        ProcessBuilder environment = new ProcessBuilder("cat");
        environment.environment().put("TOKEN", token);
        for (ProcessBuilder careless : List.of(argument, environment)) {
            TokenHunt hunt = new TokenHunt(server);
            Process process = careless.start();
            eventually(() -> assertThat(hunt.found()).isPositive());
            process.destroyForcibly();
            assertThatThrownBy(hunt::close).isInstanceOf(AssertionError.class);
        }
    }

    @Test
    void a_token_in_a_log_a_text_or_a_file_is_found() throws IOException {
        String token = server.token(1);
        TokenHunt hunt = new TokenHunt(server);
        LoggerFactory.getLogger("careless").debug("joining with {}", token);
        Path file = Files.writeString(folder.resolve("careless"), "token=" + token);

        assertThatThrownBy(() -> hunt.assertAbsent(List.of("token " + token))).isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> hunt.assertAbsentBelow(folder)).isInstanceOf(AssertionError.class);
        hunt.assertAbsentBelow(folder, file);
        assertThatThrownBy(hunt::close).isInstanceOf(AssertionError.class);
    }
}
