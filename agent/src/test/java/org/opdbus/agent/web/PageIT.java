// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.agent.TestHost;
import org.opdbus.ledger.Entry;
import org.openqa.selenium.Keys;

/** The page of a real agent, in a real browser: what happens to real containers is on the screen. */
final class PageIT {
    private static final String ORIGIN = "http://127.0.0.1:8080";
    /** On an idle machine it is some 100 ms, which docs/PERFORMANCE.md records; test machines have more to do. */
    private static final Duration SHOWN_MAX = Duration.ofSeconds(10);

    private static Browser browser;

    private final TestHost scene = new TestHost(Map.of());

    @BeforeAll
    static void startBrowser() {
        browser = new Browser();
    }

    @AfterAll
    static void closeBrowser() {
        browser.close();
    }

    @BeforeEach
    void start() {
        browser.forgetEverything();
        scene.start();
    }

    @AfterEach
    void close() {
        browser.open("about:blank");
        scene.close();
    }

    @Test
    void a_container_that_is_started_appears_and_is_gone_when_it_is_stopped() {
        open("topology");
        browser.watch(Map.of("shown", "opdbus.topology.scene.boxes.get('c:test/100')?.tone === 'ok'"));
        scene.run("100");
        assertSoonAfter("container.enrolled", "100", browser.whenSeen("shown"));

        browser.run("location.hash = '#/containers'");
        browser.await("document.body.dataset.currentView === 'containers'");
        browser.await("document.querySelector(arguments[0])", row("100", "enrolled"));
        browser.watch(Map.of("shown", "document.querySelector(`" + row("101", "enrolled") + "`)"));
        scene.run("101");
        assertSoonAfter("container.enrolled", "101", browser.whenSeen("shown"));

        scene.lxc.stop("100");
        browser.await("!document.querySelector(arguments[0])", row("100", "enrolled"));
        browser.run("location.hash = '#/topology'");
        browser.await("!Object.keys(opdbus.topology.positions()).some(key => key.includes('vi100'))");
        browser.logs().assertClean(ORIGIN);
    }

    @Test
    void a_refused_container_stands_out_and_its_remedy_is_read() {
        TestHost.sh("ip", "link", "add", "vi600", "type", "veth", "peer", "name", "vi600peer");
        scene.run("600");
        scene.awaitState("600", "refused", "the name vi600");

        open("topology");
        browser.await("'c:test/600' in opdbus.topology.positions()");
        browser.click("button.state[data-state=refused]");
        browser.awaitText("#panel [data-field=reason]", "vi600");
        browser.awaitText("#panel [data-field=remedy]", "What to do:");
        browser.press(Keys.ESCAPE);
        browser.await("document.getElementById('panel').hidden");

        TestHost.sh("ip", "link", "del", "vi600");
        open("containers");
        browser.await("document.querySelector(arguments[0])", row("600", "enrolled"));
        browser.logs().assertClean(ORIGIN);
    }

    @Test
    void the_topology_of_half_an_hour_ago_has_nothing_that_came_later() {
        scene.run("100");
        scene.awaitEnrolled("100", "vi100");
        open("topology");
        browser.await("opdbus.topology.scene.boxes.get('c:test/100')?.tone === 'ok'");
        browser.run("const slider = document.getElementById('replay-time'); slider.value = -1800;"
                + " slider.dispatchEvent(new Event('input'))");
        browser.await("opdbus.topology.scene.boxes.get('c:test/100')?.tone !== 'ok'");
        browser.awaitText("#replay-banner", "Past:");
        browser.click("#replay-now");
        browser.await("opdbus.topology.scene.boxes.get('c:test/100')?.tone === 'ok'");
        browser.await("document.getElementById('replay-banner').hidden");
        browser.logs().assertClean(ORIGIN);
    }

    @Test
    void the_ledger_is_intact_until_an_entry_is_tampered_with_and_then_the_entry_is_named() throws IOException {
        scene.run("100");
        scene.awaitEnrolled("100", "vi100");
        open("ledger");
        Entry entry = scene.agent.ledger("container.enrolled", "100").get(0);
        browser.await("document.querySelector(arguments[0])", "#ledger-table tr[data-height='" + entry.height() + "']");
        browser.click("#ledger-verify");
        browser.await("document.getElementById('ledger-result').dataset.verdict === 'intact'");
        assertThat(browser.text("#ledger-fingerprint")).isNotBlank();
        String proof = String.valueOf(browser.runAsync(
                "const link = document.querySelector(`a[data-proof='${parameters[0]}']`);"
                        + "return link.download + '\\n' + await (await fetch(link.href)).text()",
                Long.toString(entry.height())));
        assertThat(proof)
                .startsWith("proof-" + entry.height() + ".txt\n")
                .contains("c2sp.org/tlog-proof@v1", "index " + (entry.height() - 1));

        Path segment = segments().get(0);
        Files.writeString(segment, Files.readString(segment).replace("\"vi100\"", "\"vi900\""));
        browser.click("#ledger-verify");
        browser.await("document.getElementById('ledger-result').dataset.verdict === 'damaged'");
        browser.awaitText("#ledger-result", "entry " + firstWith("vi900"));
        browser.logs().assertClean(ORIGIN);
    }

    @Test
    void a_killed_agent_is_missed_and_found_again_by_the_page_itself() {
        scene.run("100");
        open("events");
        browser.run("location.hash = '#/containers'");
        browser.await("document.querySelector(arguments[0])", row("100", "enrolled"));
        String run = String.valueOf(browser.run("return document.body.dataset.run"));

        scene.agent.kill();
        browser.await("document.body.dataset.connection === 'away'");
        browser.awaitText("#notice", "does not answer");
        // What was known stays.
        browser.await("document.querySelector(arguments[0])", row("100", "enrolled"));
        scene.run("101");

        scene.agent.start();
        browser.await("document.body.dataset.connection === 'live'");
        browser.awaitText("#notice", "has been restarted");
        assertThat(browser.run("return document.body.dataset.run")).isNotEqualTo(run);
        browser.await("document.querySelector(arguments[0])", row("101", "enrolled"));
        assertThat(containers()).containsExactlyInAnyOrder("test/100", "test/101");
        scene.run("102");
        browser.await("document.querySelector(arguments[0])", row("102", "enrolled"));
        assertEventsOnceAndInOrder();
        assertThat(browser.logs().complaints()).allMatch(line -> line.contains("/api/v1/"));
    }

    @Test
    void a_stream_that_is_cut_is_resumed_without_a_loss_and_without_a_double() throws IOException {
        try (CutRelay relay = new CutRelay(8080)) {
            open(relay.origin(), "events");
            cutAndStart(relay);
        }
    }

    private void cutAndStart(CutRelay relay) {
        int cuts = 5;
        for (int cut = 0; cut < cuts; cut++) {
            String id = Integer.toString(200 + cut);
            relay.cut();
            browser.await("document.body.dataset.connection === 'away'");
            scene.run(id);
            scene.awaitEnrolled(id, "vi" + id);
            browser.await("document.body.dataset.connection === 'live'");
        }
        scene.lxc.stop("200");
        browser.await(
                "opdbus.store.state.events.some(each => each.kind === 'container.stopped' && each.subject === '200')");
        for (int cut = 0; cut < cuts; cut++) {
            String id = Integer.toString(200 + cut);
            browser.await(
                    "opdbus.store.state.events.filter(each => each.kind === 'container.enrolled' && each.subject === arguments[0]).length === 1",
                    id);
        }
        assertEventsOnceAndInOrder();
        browser.run("location.hash = '#/containers'");
        browser.await("document.querySelector(arguments[0])", row("204", "enrolled"));
        assertThat(containers()).hasSize(cuts).doesNotHaveDuplicates();
    }

    /** What the table of events shows is numbered without a gap within each run of the agent, the newest first. */
    private static void assertEventsOnceAndInOrder() {
        List<?> gaps = (List<?>) browser.run("return opdbus.store.state.events"
                + ".filter((each, at, all) => at > 0 && each.number !== all[at - 1].number + 1 && each.number !== 1)"
                + ".map(each => each.number + ' ' + each.kind)");
        assertThat(gaps).isEmpty();
        browser.run("location.hash = '#/events'");
        browser.await("document.querySelectorAll('#events-table tbody tr').length"
                + " === Math.min(300, opdbus.store.state.events.length)");
        browser.run("location.hash = '#/containers'");
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> files = Files.list(scene.agent.ledgerDir())) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        }
    }

    /** Returns the height of the first line of the ledger with this text. */
    private long firstWith(String text) throws IOException {
        List<String> lines = Files.readAllLines(segments().get(0));
        for (int line = 0; line < lines.size(); line++) {
            if (lines.get(line).contains(text)) {
                return line + 1L;
            }
        }
        throw new AssertionError(text + " is not in the ledger");
    }

    private static List<Object> containers() {
        return List.copyOf(
                (List<?>)
                        browser.run(
                                "return Array.from(document.querySelectorAll('#containers-table tbody tr'), each => each.dataset.key)"));
    }

    private void assertSoonAfter(String kind, String subject, Instant seen) {
        Entry entry = eventually(() -> scene.agent.ledger(kind, subject).get(0));
        Duration shown = Duration.between(entry.time(), seen);
        System.out.println(kind + " of " + subject + " was on the page after " + shown.toMillis() + " ms");
        assertThat(shown).isLessThan(SHOWN_MAX);
    }

    private static void open(String view) {
        open(ORIGIN, view);
    }

    private static void open(String origin, String view) {
        browser.open(origin + "/#/" + view);
        browser.await("document.body.dataset.connection === 'live'");
        browser.await("document.body.dataset.currentView === '" + view + "'");
    }

    private static String row(String id, String state) {
        return "#containers-table tr[data-key=\"test/" + id + "\"][data-state=\"" + state + "\"]";
    }
}
