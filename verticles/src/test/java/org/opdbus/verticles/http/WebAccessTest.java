// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.http.WebFace.Audience;

/** Who gets an answer, asked over real sockets. */
final class WebAccessTest {
    private static final String TOKEN = "0123456789abcdef0123";
    private static final String RIGHT = "Authorization: Bearer " + TOKEN;
    private static final Pattern COOKIE = Pattern.compile(
            "set-cookie: (op-dbus-session-\\d+=[A-Za-z0-9_-]{43}); Path=/; HttpOnly; SameSite=Strict\r\n");

    private TestWebServer server = TestWebServer.open();

    @AfterEach
    void close() {
        server.close();
    }

    /** A face that answers, streams until the caller is gone, or fails. */
    private static final class Echo implements WebRoute {
        @Override
        public boolean answer(WebExchange exchange) {
            switch (exchange.path()) {
                case "/echo" -> exchange.end(200, exchange.query("say").orElse("nothing") + "\n");
                case "/echo/stream" -> exchange.stream("text/event-stream").write("data: begun\n\n");
                case "/echo/bug" -> throw new IllegalStateException("a bug of the test");
                default -> {
                    return false;
                }
            }
            return true;
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }

    private void open(Optional<String> token) {
        server.close();
        server = TestWebServer.open(
                new HttpOptions("127.0.0.1", 0, token, token, Optional.empty(), Set.of("web1"), Optional.empty()),
                WebFace.at("/echo", (Vertx vertx) -> new Echo()),
                new WebFace(WebFace.at("/open", vertx -> new Echo()).paths(), Audience.EVERYONE, vertx -> new Echo()),
                new WebFace(
                        WebFace.at("/held", vertx -> new Echo()).paths(), Audience.TOKEN_HOLDERS, vertx -> new Echo()));
    }

    @Test
    void without_a_token_everyone_on_this_host_reads() {
        open(Optional.empty());
        assertThat(server.ask("GET /echo?say=a%20b"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("a b\n");
        assertThat(server.ask("GET /api/v1/session")).endsWith("{\"needed\":false,\"signedIn\":false}");
        assertThat(server.ask("POST /api/v1/session"))
                .startsWith("HTTP/1.1 204 ")
                .doesNotContain("set-cookie");
        assertThat(server.ask("GET /held")).startsWith("HTTP/1.1 403 ").contains("http.tokenFile");
        assertThat(server.ask("GET /echo?say=%zz")).startsWith("HTTP/1.1 400 ");
        assertThat(server.ask("GET /echo/bug")).startsWith("HTTP/1.1 500 ");
        assertThat(server.ask("GET /other")).startsWith("HTTP/1.1 404 ").contains("/echo, /open, /held");
    }

    @Test
    void a_name_of_someone_else_is_refused_with_what_to_do() {
        open(Optional.empty());
        assertThat(server.ask("GET /echo", "Host: evil.example:" + server.port()))
                .startsWith("HTTP/1.1 421 ")
                .contains("does not know the name evil.example", "http.hosts");
        assertThat(server.ask("GET /echo", "Host: <script>"))
                .startsWith("HTTP/1.1 421 ")
                .doesNotContain("script");
        assertThat(server.ask("GET /echo", "Host: web1", "Host: web1")).startsWith("HTTP/1.1 400 ");
        assertThat(server.ask("GET /echo", "Host: WEB1:80")).startsWith("HTTP/1.1 200 ");
        assertThat(server.ask("GET /api/v1/session", "Host: evil.example"))
                .contains("content-type: application/problem+json", "\"status\":421")
                .contains("\"detail\":\"the agent does not know the name evil.example for its host\"")
                .endsWith("\"remedy\":\"use an address instead, or add the name to http.hosts in the configuration and "
                        + "restart the agent\"}");
        // An old program without this header is no browser.
        assertThat(server.say("GET /echo HTTP/1.0\r\n\r\n")).contains(" 200 ");
    }

    @Test
    void a_refusal_has_its_remedy_in_a_field_of_its_own_or_at_the_end_of_its_line() {
        open(Optional.of(TOKEN));
        assertThat(server.ask("GET /api/v1/x"))
                .startsWith("HTTP/1.1 401 ")
                .contains("\"detail\":\"this needs the token in http.tokenFile\",\"remedy\":\"send the header ");
        assertThat(server.ask("GET /echo"))
                .startsWith("HTTP/1.1 401 ")
                .contains("\r\n\r\nthis needs the token in http.tokenFile; send the header ");
        assertThat(server.ask("POST /api/v1/x", RIGHT))
                .startsWith("HTTP/1.1 405 ")
                .endsWith("\"detail\":\"only GET and HEAD are allowed\"}");
        assertThat(server.ask("GET /api/v1/session?a=%zz"))
                .startsWith("HTTP/1.1 400 ")
                .endsWith("\"remedy\":\"write other characters as %XX\"}");
    }

    @Test
    void pages_of_other_sites_get_nothing() {
        open(Optional.empty());
        assertThat(server.ask("GET /echo", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(server.ask("GET /echo", "Origin: http://evil.example")).startsWith("HTTP/1.1 403 ");
        assertThat(server.ask("GET /echo", "Origin: http://127.0.0.1:" + server.port()))
                .startsWith("HTTP/1.1 200 ")
                .doesNotContainIgnoringCase("access-control");
        assertThat(server.ask("OPTIONS /echo", "Access-Control-Request-Method: GET"))
                .startsWith("HTTP/1.1 405 ");
    }

    @Test
    void the_token_or_a_session_opens_what_others_do_not_see() {
        open(Optional.of(TOKEN));
        assertThat(server.ask("GET /echo")).startsWith("HTTP/1.1 401 ").contains("WWW-Authenticate: Bearer");
        assertThat(server.ask("GET /other")).startsWith("HTTP/1.1 401 ");
        assertThat(server.ask("GET /open")).startsWith("HTTP/1.1 404 ");
        assertThat(server.ask("GET /echo", RIGHT)).startsWith("HTTP/1.1 200 ");
        // Who has the token may use any name: no other site can make a browser send it.
        assertThat(server.ask("GET /echo", RIGHT, "Host: scraped.example")).startsWith("HTTP/1.1 200 ");
        assertThat(server.ask("GET /api/v1/session")).endsWith("{\"needed\":true,\"signedIn\":false}");
        assertThat(server.ask("POST /api/v1/session")).startsWith("HTTP/1.1 401 ");

        String cookie = signIn();
        assertThat(server.ask("GET /echo", "Cookie: " + cookie)).startsWith("HTTP/1.1 200 ");
        assertThat(server.ask("GET /api/v1/session", "Cookie: " + cookie))
                .contains("cache-control: no-store")
                .endsWith("{\"needed\":true,\"signedIn\":true}");
        assertThat(server.ask("GET /held", "Cookie: " + cookie)).startsWith("HTTP/1.1 401 ");
        assertThat(server.ask("GET /echo", "Cookie: " + cookie, "Origin: http://evil.example"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(server.ask("DELETE /api/v1/session", "Cookie: " + cookie, "Sec-Fetch-Site: cross-site"))
                .startsWith("HTTP/1.1 403 ");
        assertThat(server.ask("POST /echo", "Cookie: " + cookie)).startsWith("HTTP/1.1 405 ");

        assertThat(server.ask("DELETE /api/v1/session", "Cookie: " + cookie))
                .startsWith("HTTP/1.1 204 ")
                .contains("=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
        assertThat(server.ask("GET /echo", "Cookie: " + cookie)).startsWith("HTTP/1.1 401 ");
    }

    @Test
    void a_stream_ends_with_the_session_that_allowed_it() throws IOException {
        open(Optional.of(TOKEN));
        String cookie = signIn();
        try (Socket socket = server.stream("/echo/stream", "Cookie: " + cookie)) {
            assertThat(server.ask("DELETE /api/v1/session", "Cookie: " + cookie))
                    .startsWith("HTTP/1.1 204 ");
            assertThat(TestWebServer.rest(socket)).doesNotContain("\r\n0\r\n");
        }
    }

    @Test
    void a_caller_that_talks_into_its_stream_is_disconnected() throws IOException {
        open(Optional.empty());
        try (Socket socket = server.stream("/echo/stream", "X: y")) {
            socket.getOutputStream().write('G');
            assertThat(TestWebServer.rest(socket)).isEmpty();
        }
    }

    @Test
    void guesses_are_slowed_down_and_the_session_goes_on() {
        open(Optional.of(TOKEN));
        String cookie = signIn();
        for (int i = 0; i < 5; i++) {
            assertThat(server.ask("POST /api/v1/session", "Authorization: Bearer wrong" + i))
                    .startsWith("HTTP/1.1 401 ");
        }
        assertThat(server.ask("POST /api/v1/session", "Authorization: Bearer wrong5"))
                .startsWith("HTTP/1.1 429 ")
                .contains("Retry-After: 1");
        assertThat(server.ask("GET /echo", "Authorization: Bearer wrong6")).startsWith("HTTP/1.1 429 ");
        assertThat(server.ask("GET /echo", "Cookie: " + cookie)).startsWith("HTTP/1.1 200 ");
    }

    @Test
    void floods_of_cookies_are_refused_or_ignored() {
        open(Optional.of(TOKEN));
        assertThat(server.ask("GET /echo", "Cookie: " + "a=b; ".repeat(3_000))).startsWith("HTTP/1.1 431 ");
        assertThat(server.ask(
                        "GET /echo",
                        "Cookie: " + ("op-dbus-session-" + server.port() + "=" + "a".repeat(43) + ";").repeat(100)))
                .startsWith("HTTP/1.1 401 ");
    }

    private String signIn() {
        Matcher cookie = COOKIE.matcher(server.ask("POST /api/v1/session", RIGHT));
        assertThat(cookie.find()).isTrue();
        return cookie.group(1);
    }
}
