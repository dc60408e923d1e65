// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Port;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.MeshStanding;
import org.opdbus.verticles.inventory.Peer;
import org.opdbus.verticles.inventory.SyntheticHost;
import org.opdbus.verticles.inventory.SyntheticHost.Shape;

/** Whatever guests and other hosts call themselves is text on the page: it runs no script, adds no element and hides nothing. */
final class PageHostileNamesIT extends ServedPage {
    /** Whatever of these becomes an element or runs has an effect that is looked for. */
    private static final List<String> NAMES = List.of(
            "<img src=x onerror=hostile()>",
            "<script>hostile()<\\script>",
            "\"><b class=hostile>b",
            "'-hostile()-'",
            "javascript:hostile()",
            "{{hostile()}}${hostile()}",
            "txt\u202egnp.exe",
            "\u2067right\u2069",
            "zero\u200bwidth\u200d",
            "__proto__",
            "constructor",
            "a".repeat(255));

    private static final List<String> VIEWS = List.of("topology", "containers", "events", "ledger", "hosts", "health");

    PageHostileNamesIT() {
        super(host());
    }

    private static SyntheticHost host() {
        SyntheticHost host = new SyntheticHost("<i class=hostile>here", Instant.now());
        int number = 0;
        for (String name : NAMES) {
            host.bridge(name, name);
            host.put(List.of(
                    Shape.lxc(name, number++, name, number, Instant.now()),
                    Shape.lxc(
                                    "refused " + name.substring(0, Math.min(200, name.length())),
                                    number++,
                                    name,
                                    0,
                                    Instant.now())
                            .in(ContainerPhase.REFUSED, "because " + name, "do " + name)
                            .in(new MeshStanding(new ContainerId("x"), name, false, name, name, name, name))));
            host.port(new Port(
                    "port-" + number,
                    name,
                    name,
                    Optional.of(number),
                    Set.of(),
                    Optional.of(name),
                    Map.of(name, name),
                    name,
                    number,
                    Optional.of(name)));
            host.peer(new Peer(
                    "peer " + name,
                    true,
                    Instant.now(),
                    1,
                    1,
                    name,
                    name,
                    List.of("{\"id\":\"guest\",\"name\":" + quoted(name) + ",\"state\":" + quoted(name) + ",\"reason\":"
                            + quoted(name) + ",\"bridge\":" + quoted(name) + ",\"links\":[{\"name\":" + quoted(name)
                            + ",\"bridge\":" + quoted(name) + "}]}"),
                    0));
        }
        return host;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    @Test
    void hostile_names_are_shown_as_text() {
        for (String view : VIEWS) {
            server.open(browser, view);
            assertHarmless(view);
        }
        server.open(browser, "topology");
        browser.click("#topology-mode-list");
        browser.awaitText("#topology-list", "<img src=x");
        assertHarmless("list");
        browser.click("#topology-mode-graph");
        for (Object box : List.copyOf((List<?>) browser.run("return Object.keys(opdbus.topology.positions())"))) {
            browser.run("opdbus.topology.select(arguments[0])", box);
            assertHarmless("panel of " + box);
        }
        server.open(browser, "containers");
        browser.awaitText("#containers-table", "<img src=x");
        // What turns the direction of writing, or has no width, can be seen.
        browser.awaitText("#containers-table", "txt\\u202egnp.exe");
        browser.awaitText("#containers-table", "zero\\u200bwidth");
        for (Object key : List.copyOf(
                (List<?>)
                        browser.run(
                                "return Array.from(document.querySelectorAll('#containers-table tbody tr'), each => each.dataset.key)"))) {
            browser.run("location.hash = '#/containers/' + encodeURIComponent(arguments[0])", key);
            browser.await("document.getElementById('panel').dataset.key === arguments[0]", key);
            assertHarmless("panel of " + key);
        }
        browser.logs().assertClean(server.origin());
    }

    private void assertHarmless(String where) {
        assertThat(
                        browser.run(
                                "return document.querySelectorAll('.hostile, img:not([src=\"icon.svg\"]), body script').length"))
                .as(where)
                .isEqualTo(0L);
        assertThat(browser.run("return 'hostile' in globalThis")).as(where).isEqualTo(false);
        // A page that is wider than its screen hides something, and a long name must not do that.
        assertThat(browser.run("return document.documentElement.scrollWidth <= innerWidth"))
                .as(where)
                .isEqualTo(true);
    }
}
