// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The page with three hosts of 500 ports each. */
final class PageScaleIT extends ServedPage {
    private static final int PORTS = 500;
    private static final int CHANGES = 50;
    private static final double FRAMES_PER_SECOND = 30;
    private static final double SECONDS = 2;

    PageScaleIT() {
        super(DemoNetwork.large(PORTS));
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
     * A machine of tests that has much else to do draws few frames of anything. So what counts is the processor time that the page
     * needs for a frame: with at most a thirtieth of a second, an idle machine draws thirty frames a second.
     */
    @Test
    void it_is_panned_smoothly() {
        browser.click("#topology-expand");
        browser.await("Number(document.getElementById('topology-graph').dataset.nodes) > " + 2 * 3 * PORTS);
        browser.command("Performance.enable", Map.of("timeDomain", "threadTicks"));
        for (boolean isWhole : List.of(false, true)) {
            if (isWhole) {
                browser.click("#topology-fit");
            }
            double busyBefore = busySeconds();
            double frames = ((Number) browser.runAsync(PANNED)).doubleValue();
            double busyMs = 1_000 * (busySeconds() - busyBefore) / frames;
            System.out.printf(
                    "%s: %.1f frames a second while panning, %.1f ms of the processor for each%n",
                    isWhole ? "everything in sight" : "readable size", frames / SECONDS, busyMs);
            assertThat(busyMs).isLessThan(1_000 / FRAMES_PER_SECOND);
        }
    }

    /** Returns how much processor time the page's thread has used. */
    private double busySeconds() {
        List<?> metrics = (List<?>) Optional.ofNullable(
                        browser.command("Performance.getMetrics", Map.of()).get("metrics"))
                .orElseThrow();
        return metrics.stream()
                .map(metric -> (Map<?, ?>) metric)
                .filter(metric -> "TaskDuration".equals(metric.get("name")))
                .mapToDouble(metric -> ((Number) Objects.requireNonNull(metric.get("value"))).doubleValue())
                .sum();
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

    /** Moves the picture at each frame, for two seconds; returns the number of frames. */
    private static final String PANNED = """
            const { cy } = opdbus.topology.graph;
            const pan = { ...cy.pan() };
            const begin = performance.now();
            let frames = 0;
            await new Promise(resolve => {
              const frame = () => {
                const at = performance.now() - begin;
                if (at > 2000) return resolve();
                frames++;
                cy.pan({ x: pan.x - 300 * Math.sin(at / 400), y: pan.y - 300 * Math.sin(at / 300) });
                requestAnimationFrame(frame);
              };
              requestAnimationFrame(frame);
            });
            cy.pan(pan);
            return frames;
            """;

    private Map<?, ?> positions() {
        return (Map<?, ?>) browser.run("return opdbus.topology.positions()");
    }

    private int nodes() {
        return Integer.parseInt(
                String.valueOf(browser.run("return document.getElementById('topology-graph').dataset.nodes")));
    }
}
