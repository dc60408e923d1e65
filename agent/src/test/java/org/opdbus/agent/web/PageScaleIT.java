// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.inventory.SyntheticHost;

/** The page with three hosts of 500 ports each. */
final class PageScaleIT {
    private static final int PORTS = 500;
    private static final int CHANGES = 50;
    private static final double FRAMES_PER_SECOND = 30;

    private static SyntheticHost host;
    private static PageServer server;
    private static Browser browser;

    @BeforeAll
    static void start() {
        host = DemoNetwork.large(PORTS);
        server = PageServer.of(host);
        browser = new Browser();
    }

    @AfterAll
    static void stop() {
        browser.close();
        server.close();
    }

    @BeforeEach
    void open() {
        browser.forgetEverything();
        server.open(browser, "topology");
    }

    @Test
    void a_large_network_begins_collapsed_and_shows_every_port_when_it_is_expanded() {
        browser.await("document.getElementById('topology-graph').dataset.collapsed === 'true'");
        assertThat(nodes()).isLessThan(150);
        browser.click("#topology-expand");
        browser.await("Number(document.getElementById('topology-graph').dataset.nodes) > " + 2 * 3 * PORTS);
        browser.click("#topology-collapse");
        browser.await("Number(document.getElementById('topology-graph').dataset.nodes) < 150");
        browser.logs().assertClean(server.origin());
    }

    /**
     * A machine of tests that has much else to do draws few frames of anything. So an empty canvas of the same size, measured in the
     * same browser right before and after, says how many it can draw.
     */
    @Test
    void it_is_panned_smoothly() {
        browser.click("#topology-expand");
        browser.await("Number(document.getElementById('topology-graph').dataset.nodes) > " + 2 * 3 * PORTS);
        for (boolean isWhole : List.of(false, true)) {
            if (isWhole) {
                browser.click("#topology-fit");
            }
            double empty = framesPerSecond(EMPTY);
            double panned = framesPerSecond(PANNED);
            double emptyAgain = framesPerSecond(EMPTY);
            System.out.printf(
                    "%s: %.1f frames a second while panning; an empty canvas: %.1f and %.1f%n",
                    isWhole ? "everything in sight" : "readable size", panned, empty, emptyAgain);
            assertThat(panned).isGreaterThan(Math.min(FRAMES_PER_SECOND, 0.4 * Math.min(empty, emptyAgain)));
        }
    }

    @Test
    void what_stays_is_where_it_was_after_fifty_changes() {
        browser.click("#topology-expand");
        browser.await("Number(document.getElementById('topology-graph').dataset.nodes) > " + 2 * 3 * PORTS);
        Map<?, ?> before = positions();
        for (int change = 0; change < CHANGES; change++) {
            if (change % 2 == 0) {
                host.put(List.of(DemoNetwork.one(PORTS + change)));
            } else {
                host.remove(List.of(DemoNetwork.one(change * 7)));
            }
            browser.await(
                    "opdbus.store.state.model.version === arguments[0]",
                    host.live().current().version());
        }
        browser.await("('c:alder/"
                + DemoNetwork.one(PORTS + CHANGES - 2).workload().id() + "' in opdbus.topology.positions())");
        Map<?, ?> after = positions();
        assertThat(after).isNotEqualTo(before);
        before.keySet().retainAll(after.keySet());
        assertThat(before).hasSizeGreaterThan(2 * 3 * PORTS - 2 * CHANGES);
        before.forEach(
                (id, place) -> assertThat(after.get(id)).as(String.valueOf(id)).isEqualTo(place));
        browser.logs().assertClean(server.origin());
    }

    private static final String EMPTY = """
            const canvas = document.createElement('canvas');
            canvas.width = innerWidth;
            canvas.height = innerHeight;
            canvas.style.cssText = 'position: fixed; inset: 0; z-index: 1000';
            document.body.append(canvas);
            const pen = canvas.getContext('2d');
            const step = at => { pen.clearRect(0, 0, canvas.width, canvas.height); pen.fillRect(at % 500, 100, 50, 50); };
            const end = () => canvas.remove();
            """;

    private static final String PANNED = """
            const { cy } = opdbus.topology.graph;
            const pan = { ...cy.pan() };
            const step = at => cy.pan({ x: pan.x - 300 * Math.sin(at / 400), y: pan.y - 300 * Math.sin(at / 300) });
            const end = () => cy.pan(pan);
            """;

    /** Draws for two seconds, a step each frame. */
    private static double framesPerSecond(String setting) {
        return ((Number) browser.runAsync(setting + """
                const begin = performance.now();
                let frames = 0;
                await new Promise(resolve => {
                  const frame = now => {
                    if (now - begin > 2000) return resolve();
                    frames++;
                    step(now - begin);
                    requestAnimationFrame(frame);
                  };
                  requestAnimationFrame(frame);
                });
                const seconds = (performance.now() - begin) / 1000;
                end();
                return frames / seconds;
                """)).doubleValue();
    }

    private static Map<?, ?> positions() {
        return (Map<?, ?>) browser.run("return opdbus.topology.positions()");
    }

    private static int nodes() {
        return Integer.parseInt(
                String.valueOf(browser.run("return document.getElementById('topology-graph').dataset.nodes")));
    }
}
