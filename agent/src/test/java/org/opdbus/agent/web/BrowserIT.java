// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the other tests rely on: the browser's logs show what a page does wrong, and nothing of the browser stays. */
final class BrowserIT {
    private static volatile String page = "";
    private static HttpServer server;
    private static Browser browser;
    private static String origin;

    @BeforeAll
    static void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = page.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        origin = "http://127.0.0.1:" + server.getAddress().getPort();
        browser = new Browser();
    }

    @AfterAll
    static void stop() {
        browser.close();
        server.stop(0);
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    @BeforeEach
    void forget() {
        browser.forgetEverything();
    }

    @Test
    void a_page_without_a_fault_is_clean_and_has_the_screen_and_the_colours_of_the_test() {
        browser.show(Browser.Screen.PHONE, Browser.Scheme.DARK);
        show("<meta name=viewport content='width=device-width'><p id=hello>hello</p>");
        browser.awaitText("#hello", "hello");
        assertThat(browser.run("return innerWidth + ' ' + innerHeight + ' '"
                        + " + matchMedia('(prefers-color-scheme: dark)').matches"))
                .isEqualTo("390 844 true");
        browser.show(Browser.Screen.DESK, Browser.Scheme.LIGHT);
        browser.await("innerWidth === 1440 && !matchMedia('(prefers-color-scheme: dark)').matches");
        browser.logs().assertClean(origin);
    }

    @Test
    void an_error_on_the_console_is_noticed() {
        show("<script>console.error('broken')</script>");
        eventually(() -> assertThat(browser.logs().complaints()).anyMatch(line -> line.contains("broken")));
        assertThatThrownBy(() -> browser.logs().assertClean(origin)).isInstanceOf(AssertionError.class);
    }

    @Test
    void a_failure_of_a_script_is_noticed() {
        show("<script>nothing.of(this)</script>");
        eventually(() -> assertThat(browser.logs().complaints()).anyMatch(line -> line.contains("nothing")));
    }

    @Test
    void a_request_to_another_origin_is_noticed() {
        show("<img alt=x src=http://127.0.0.2:1/x.png>");
        eventually(() -> assertThat(browser.logs().requests()).contains("http://127.0.0.2:1/x.png"));
        assertThatThrownBy(() -> browser.logs().assertClean(origin)).isInstanceOf(AssertionError.class);
    }

    private static void show(String html) {
        page = html;
        browser.open(origin + "/");
    }
}
