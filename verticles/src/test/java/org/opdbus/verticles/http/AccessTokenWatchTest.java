// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.config.HttpConfig;
import org.opdbus.config.HttpTlsConfig;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.http.WebFace.Audience;
import org.opdbus.verticles.http.access.AccessTokenFile;
import org.opdbus.verticles.http.access.AccessTokenWatch;

/** A running server, and a file of its token that changes under it. */
final class AccessTokenWatchTest {
    private static final String FIRST = "the first token 0123456789";
    private static final String SECOND = "the second token 0123456789";

    @TempDir
    private Path folder;

    private TestWebServer server = TestWebServer.open();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void another_token_counts_at_once_and_ends_what_the_former_one_opened() throws IOException {
        write(FIRST);
        open("0.0.0.0");
        assertThat(answer(SECOND)).startsWith("HTTP/1.1 401 ");
        String cookie = cookie();
        try (Socket bySession = server.stream("/stream", "Cookie: " + cookie);
                Socket byToken = server.stream("/stream", "Authorization: Bearer " + FIRST)) {
            write(SECOND);
            // The server ends both, so these return.
            assertThat(TestWebServer.rest(bySession)).isEmpty();
            assertThat(TestWebServer.rest(byToken)).isEmpty();
        }
        // Also from the address that showed it before it was written.
        assertThat(answer(SECOND)).startsWith("HTTP/1.1 200 ");
        assertThat(answer(FIRST)).startsWith("HTTP/1.1 401 ");
        assertThat(server.ask("GET /stream/once", "Cookie: " + cookie)).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void a_file_that_cannot_be_used_changes_nothing_until_it_can() throws Exception {
        Path file = Files.writeString(token(), SECOND);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        BlockingQueue<Optional<String>> changes = new LinkedBlockingQueue<>();
        AccessTokenWatch watch = AccessTokenWatch.of(new AccessTokenFile(file), Optional.of(FIRST), changes::add);
        try {
            assertThat(changes).isEmpty();
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            assertThat(changes.poll(1, TimeUnit.MINUTES)).contains(SECOND);
        } finally {
            watch.close();
        }
    }

    @Test
    void a_removed_token_lets_no_one_in() throws IOException {
        write(FIRST);
        open("0.0.0.0");
        assertThat(answer(FIRST)).startsWith("HTTP/1.1 200 ");
        Files.delete(token());
        eventually(() -> assertThat(answer(FIRST)).startsWith("HTTP/1.1 401 "));
        write(FIRST);
        eventually(() -> assertThat(answer(FIRST)).startsWith("HTTP/1.1 200 "));
    }

    @Test
    void captures_begin_to_be_possible_on_a_loopback_address() throws IOException {
        open("127.0.0.1");
        assertThat(server.ask("GET /held/once")).startsWith("HTTP/1.1 403 ");
        write(FIRST);
        eventually(() -> assertThat(server.ask("GET /held/once")).startsWith("HTTP/1.1 401 "));
        assertThat(server.ask("GET /held/once", "Authorization: Bearer " + FIRST))
                .startsWith("HTTP/1.1 200 ");
        assertThat(server.ask("GET /stream/once")).startsWith("HTTP/1.1 200 ");
    }

    private void open(String host) throws IOException {
        server.close();
        server = TestWebServer.open(
                HttpAccess.options(
                        new HttpConfig(new ListenAddress(host, 0), token(), List.of(), HttpTlsConfig.defaults()),
                        "here"),
                WebFace.at("/stream", vertx -> new OnceOrStream()),
                new WebFace(
                        WebFace.at("/held", vertx -> new OnceOrStream()).paths(),
                        Audience.TOKEN_HOLDERS,
                        vertx -> new OnceOrStream()));
    }

    /** A face that answers, or streams until the caller is gone. */
    private static final class OnceOrStream implements WebRoute {
        @Override
        public boolean answer(WebExchange exchange) {
            if (exchange.path().endsWith("/once")) {
                exchange.end(200, "once\n");
            } else {
                exchange.stream("text/event-stream").write("data: begun\n\n");
            }
            return true;
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }

    private String answer(String token) {
        return server.ask("GET /stream/once", "Authorization: Bearer " + token);
    }

    private String cookie() {
        String answer = server.ask("POST /api/v1/session", "Authorization: Bearer " + FIRST);
        int begin = answer.indexOf("set-cookie: ") + "set-cookie: ".length();
        return answer.substring(begin, answer.indexOf(';', begin));
    }

    private Path token() {
        return folder.resolve("token");
    }

    /** Writes it as the documents say: no other user can read it at any time. */
    private void write(String token) throws IOException {
        if (Files.notExists(token())) {
            Files.createFile(
                    token(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
        Files.writeString(token(), token + "\n");
    }
}
