// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.config.HttpConfig;
import org.opdbus.config.HttpTlsConfig;
import org.opdbus.config.ListenAddress;

final class HttpAccessTest {
    private static final String TOKEN = "0123456789abcdef0123";

    @TempDir
    private Path folder;

    @Test
    void a_token_that_only_its_owner_can_read_is_used() throws Exception {
        assertThat(options(open(file("rw-------", TOKEN + "\n"))).token()).contains(TOKEN);
    }

    @Test
    void a_token_that_others_can_read_is_refused_and_not_shown() throws Exception {
        Path file = file("rw-r--r--", TOKEN);
        assertThatThrownBy(() -> options(open(file)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("chmod 600 " + file)
                .hasMessageNotContaining(TOKEN);
    }

    /** Opened in the plain way, a FIFO keeps the start of the agent waiting until another process writes into it. */
    @Test
    @Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void a_fifo_in_the_place_of_the_token_is_refused_at_once() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", "-m", "600", fifo.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        assertThatThrownBy(() -> options(open(fifo)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not a regular file");
    }

    @Test
    void a_file_that_is_too_long_to_be_a_token_is_refused() throws Exception {
        Path file = file("rw-------", "x".repeat(5_000));
        assertThatThrownBy(() -> options(open(file)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void a_missing_token_is_answered_with_how_to_write_one() {
        Path missing = folder.resolve("missing");
        assertThatThrownBy(() -> options(open(missing)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("openssl rand -hex 32 > " + missing);
    }

    @Test
    void an_address_of_this_host_only_needs_no_token() throws Exception {
        HttpConfig local = new HttpConfig(
                new ListenAddress("127.0.0.1", 0), folder.resolve("missing"), List.of(), HttpTlsConfig.defaults());
        assertThat(options(local).token()).isEmpty();
        assertThat(options(local).captureToken()).isEmpty();
    }

    @Test
    void captures_need_a_usable_token_on_every_address() throws Exception {
        Path token = file("rw-------", TOKEN);
        assertThat(options(open(token)).captureToken()).contains(TOKEN);
        HttpOptions local =
                options(new HttpConfig(new ListenAddress("127.0.0.1", 0), token, List.of(), HttpTlsConfig.defaults()));
        assertThat(local.token()).isEmpty();
        assertThat(local.captureToken()).contains(TOKEN);
        assertThat(local.toString()).doesNotContain(TOKEN);

        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(options(new HttpConfig(
                                new ListenAddress("127.0.0.1", 0), token, List.of(), HttpTlsConfig.defaults()))
                        .captureToken())
                .isEmpty();
    }

    @Test
    void browsers_may_ask_by_the_names_of_this_host() throws Exception {
        HttpConfig config = new HttpConfig(
                new ListenAddress("here.example.com", 0),
                file("rw-------", TOKEN),
                List.of("agent.example.com"),
                HttpTlsConfig.defaults());
        assertThat(options(config).names()).containsExactlyInAnyOrder("here", "here.example.com", "agent.example.com");
    }

    private static HttpOptions options(HttpConfig config) throws IOException {
        return HttpAccess.options(config, "here");
    }

    private static HttpConfig open(Path tokenFile) {
        return new HttpConfig(new ListenAddress("0.0.0.0", 0), tokenFile, List.of(), HttpTlsConfig.defaults());
    }

    private Path file(String mode, String content) throws IOException {
        Path file = Files.createFile(
                folder.resolve("token"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }
}
