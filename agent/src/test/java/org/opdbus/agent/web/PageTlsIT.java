// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.agent.TestHost;
import org.opdbus.verticles.http.PemFiles;
import org.openqa.selenium.Keys;

/** The page over HTTPS, on an address that other hosts can reach. */
final class PageTlsIT {
    private static final String ADDRESS = "10.77.0.2";
    private static final String ORIGIN = "https://" + ADDRESS + ":8443";
    private static final String TOKEN = "0123456789abcdef-0123";

    @TempDir
    private Path folder;

    @Test
    void a_browser_signs_in_sees_a_container_come_and_keeps_its_session_off_plain_HTTP() throws IOException {
        TestHost.sh("ip", "addr", "add", ADDRESS + "/32", "dev", "lo");
        Path token = folder.resolve("http.token");
        Files.createFile(token, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(token, TOKEN);
        PemFiles pem = PemFiles.make(folder, "host");
        try (TestHost scene = new TestHost(Map.of(
                        "http",
                        Map.of(
                                "listen",
                                ADDRESS + ":8443",
                                "tokenFile",
                                token.toString(),
                                "tls",
                                Map.of(
                                        "certificate",
                                        pem.certificate().toString(),
                                        "key",
                                        pem.key().toString()))));
                Browser browser = new Browser()) {
            scene.start();
            browser.open(ORIGIN + "/#/containers");
            browser.await("document.body.dataset.currentView === 'signin'");
            browser.element("#signin-token").sendKeys(TOKEN, Keys.ENTER);
            browser.await("document.body.dataset.connection === 'live'");
            assertThat(browser.cookies()).singleElement().satisfies(cookie -> {
                assertThat(cookie.isSecure()).isTrue();
                assertThat(cookie.isHttpOnly()).isTrue();
                assertThat(cookie.getSameSite()).isEqualTo("Strict");
            });

            scene.run("100");
            browser.awaitText("#containers-table", "vi100");
            browser.logs().assertClean(ORIGIN);
        }
    }
}
