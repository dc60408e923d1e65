// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.opdbus.agent.web.Browser.Scheme;
import org.opdbus.agent.web.Browser.Screen;

/**
 * Takes the pictures of the documentation, of a host that is always the same, and says if those in {@code docs/pictures} do not show
 * what the page shows now.
 */
final class PicturesIT extends ServedPage {
    private static final Path TAKEN = Path.of("target", "pictures");
    private static final Path KEPT = Path.of("..", "docs", "pictures");
    private static final Path DOCUMENT = Path.of("..", "docs", "PICTURES.md");
    private static final String REFRESH = "; the new ones are in agent/" + TAKEN
            + ": look at them, and take them: cp agent/" + TAKEN + "/*.png docs/pictures/";
    private static final int BYTES_MAX = 150_000;
    /** Another Chromium, with other fonts, draws a picture that is this much different at most. */
    private static final double DIFFERENCE_MAX = 0.12;

    private final List<String> names = new ArrayList<>();

    PicturesIT() {
        super(DemoNetwork.small().ledger(25, "0".repeat(64)));
        browser.stopClock(DemoNetwork.NOW);
    }

    @Test
    void the_pictures_of_the_documentation_show_the_page() throws IOException {
        Files.createDirectories(TAKEN);
        take("topology", "topology", Screen.DESK, Scheme.LIGHT);
        take("topology-details", "topology/c:alder%2Fweb-1", Screen.DESK, Scheme.DARK);
        take("topology-phone", "topology", Screen.PHONE, Scheme.LIGHT);
        take("containers", "containers/alder%2Fcache", Screen.DESK, Scheme.LIGHT);
        take("containers-phone", "containers", Screen.PHONE, Scheme.DARK);
        take("ledger", "ledger", Screen.DESK, Scheme.LIGHT, () -> {
            browser.click("#ledger-verify");
            browser.await("document.getElementById('ledger-result').dataset.verdict === 'intact'");
            // The key of the host is made anew each time.
            browser.run("document.getElementById('ledger-fingerprint').textContent = '0123'.repeat(16)");
        });
        take("events", "events", Screen.DESK, Scheme.DARK, () -> {
            for (int number = 0; number < 12; number++) {
                server.tell(event(number));
            }
            browser.await("document.querySelectorAll('#events-table tbody tr').length === 12");
        });
        take("hosts", "hosts", Screen.DESK, Scheme.LIGHT);

        try (Stream<Path> kept = Files.list(KEPT)) {
            assertThat(kept.map(file -> String.valueOf(file.getFileName())))
                    .as("pictures of which the test takes none")
                    .containsExactlyInAnyOrderElementsOf(names);
        }
        String document = Files.readString(DOCUMENT);
        for (String name : names) {
            assertThat(document).contains("](pictures/" + name + ")");
            Picture now = Picture.of(Files.readAllBytes(TAKEN.resolve(name)));
            Picture then = Picture.of(Files.readAllBytes(KEPT.resolve(name)));
            assertThat(List.of(then.width(), then.height()))
                    .as(name + REFRESH)
                    .isEqualTo(List.of(now.width(), now.height()));
            assertThat(now.differenceFrom(then))
                    .as("the page does not look like docs/pictures/" + name + REFRESH)
                    .isLessThan(DIFFERENCE_MAX);
        }
        browser.logs().assertClean(server.origin());
    }

    private void take(String name, String view, Screen screen, Scheme scheme) throws IOException {
        take(name, view, screen, scheme, () -> {});
    }

    private void take(String name, String view, Screen screen, Scheme scheme, Runnable deed) throws IOException {
        browser.show(screen, scheme);
        browser.open("about:blank");
        server.open(browser, view);
        deed.run();
        browser.await("!document.getElementById('panel-body').textContent.includes('Reading')");
        browser.settle();
        byte[] png = Picture.of(browser.picture()).png();
        assertThat(png.length).as("bytes of " + name).isLessThan(BYTES_MAX);
        names.add(name + ".png");
        Files.write(TAKEN.resolve(name + ".png"), png);
    }

    private static JsonObject event(int number) {
        String id = List.of("web-1", "web-2", "web-3", "db-1").get(number % 4);
        Instant time = DemoNetwork.NOW.minusMillis(61_000L - number * 4_321L);
        boolean isStart = number / 4 % 2 == 0;
        return new JsonObject()
                .put("time", time.toString())
                .put("host", number % 4 == 3 ? "birch" : "alder")
                .put("kind", isStart ? "container.started" : "container.enrolled")
                .put("subject", id)
                .put(
                        "data",
                        new JsonObject(
                                isStart
                                        ? Map.<String, Object>of("container", id, "pid", 4_000 + number)
                                        : Map.<String, Object>of(
                                                "container",
                                                id,
                                                "link",
                                                "vi" + id.replace("-", ""),
                                                "bridge",
                                                "vmbr0",
                                                "vlan",
                                                10)));
    }
}
