// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.agent.TestHost;
import org.opdbus.agent.web.Browser.Scheme;
import org.opdbus.agent.web.Browser.Screen;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.Keys;

/** The page on an address that other hosts can reach: it shows nothing before the token, and nothing after the sign-out. */
final class PageAccessIT {
    private static final String ADDRESS = "10.77.0.1";
    private static final String ORIGIN = "http://" + ADDRESS + ":8080";
    private static final String TOKEN = "0123456789abcdef-0123";

    @TempDir
    private static Path folder;

    private static TestHost scene;
    private static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        TestHost.sh("ip", "addr", "add", ADDRESS + "/32", "dev", "lo");
        Path token = folder.resolve("http.token");
        Files.createFile(token, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(token, TOKEN);
        scene = new TestHost(Map.of("http", Map.of("listen", ADDRESS + ":8080", "tokenFile", token.toString())));
        scene.start();
        scene.run("100");
        scene.awaitEnrolled("100", "vi100");
        browser = new Browser();
    }

    @AfterAll
    static void stop() {
        browser.close();
        scene.close();
    }

    @BeforeEach
    void open() {
        browser.forgetEverything();
        browser.open(ORIGIN + "/#/containers");
        browser.await("document.body.dataset.currentView === 'signin'");
    }

    @Test
    void nothing_of_the_host_is_shown_before_the_sign_in() {
        assertThat(browser.text("body")).doesNotContain("vi100");
        assertThat(browser.run("return opdbus.store.state.model.version")).isEqualTo(0L);
        assertThat(browser.runAsync("return (await fetch('/api/v1/stream')).status"))
                .isEqualTo(401L);
        assertThat(browser.runAsync("return (await fetch('/metrics')).status")).isEqualTo(401L);
        for (Screen screen : Screen.values()) {
            for (Scheme scheme : Scheme.values()) {
                browser.show(screen, scheme);
                assertThat(new Axe(browser).findings()).isEmpty();
            }
        }
        browser.show(Screen.DESK, Scheme.LIGHT);
    }

    @Test
    void a_wrong_token_is_refused_and_the_right_one_signs_in_with_the_keyboard_alone() {
        browser.await("document.activeElement.id === 'signin-token'");
        browser.press("wrong", Keys.ENTER);
        browser.await("document.getElementById('signin-error').textContent !== ''");
        assertThat(browser.run("return document.body.dataset.currentView")).isEqualTo("signin");
        assertThat(browser.cookies()).isEmpty();

        signIn();
        browser.awaitText("#containers-table", "vi100");
        assertThat(browser.cookies()).singleElement().satisfies(cookie -> {
            assertThat(cookie.isHttpOnly()).isTrue();
            assertThat(cookie.getSameSite()).isEqualTo("Strict");
            assertThat(cookie.getValue()).doesNotContain(TOKEN);
        });
        assertThat(browser.run("return document.cookie + JSON.stringify({...localStorage, ...sessionStorage})"))
                .asString()
                .doesNotContain(TOKEN)
                .doesNotContain(value(browser.cookies()));

        // The session outlives the page.
        browser.open(ORIGIN + "/#/events");
        browser.run("location.reload()");
        browser.await("document.body.dataset.connection === 'live'");
        assertThat(browser.logs().requests()).allMatch(address -> address.startsWith(ORIGIN + "/"));
        assertThat(browser.logs().requests()).noneMatch(address -> address.contains(TOKEN));
    }

    @Test
    void after_the_sign_out_the_page_knows_nothing_and_its_session_is_worth_nothing() {
        signIn();
        browser.awaitText("#containers-table", "vi100");
        Cookie session = browser.cookies().iterator().next();
        browser.click("#sign-out");
        browser.await("document.body.dataset.currentView === 'signin'");
        assertThat(browser.text("body")).doesNotContain("vi100");
        assertThat(browser.cookies()).isEmpty();
        browser.add(session);
        assertThat(browser.runAsync("return (await fetch('/api/v1/stream')).status"))
                .isEqualTo(401L);
    }

    private static void signIn() {
        browser.element("#signin-token").clear();
        browser.element("#signin-token").sendKeys(TOKEN, Keys.ENTER);
        browser.await("document.body.dataset.connection === 'live'");
        browser.await("document.body.dataset.currentView === 'containers'");
    }

    private static String value(Set<Cookie> cookies) {
        return cookies.iterator().next().getValue();
    }
}
