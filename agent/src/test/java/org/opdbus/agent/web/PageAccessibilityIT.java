// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opdbus.agent.web.Browser.Scheme;
import org.opdbus.agent.web.Browser.Screen;
import org.openqa.selenium.Keys;

/** Everybody can use the page: with a keyboard alone, with a screen reader, on a phone, in either scheme of colours. */
final class PageAccessibilityIT extends ServedPage {
    private static final List<String> VIEWS = List.of("topology", "containers", "events", "ledger", "hosts", "health");
    private static final int TABS_MAX = 60;
    private static final int CONTROLS_MAX = 300;

    PageAccessibilityIT() {
        super(DemoNetwork.small());
    }

    @Test
    void no_view_has_a_barrier_on_any_screen_in_any_colours() {
        Map<String, List<String>> findings = new LinkedHashMap<>();
        Axe axe = new Axe(browser);
        for (Screen screen : Screen.values()) {
            for (Scheme scheme : Scheme.values()) {
                browser.show(screen, scheme);
                browser.await("document.documentElement.dataset.theme === arguments[0]", scheme.word());
                for (String view : VIEWS) {
                    server.open(browser, view);
                    findings.put(view + " " + screen + " " + scheme, axe.findings());
                }
                server.open(browser, "containers/alder%2Fcache");
                browser.awaitText("#panel [data-field=remedy]", "What to do");
                findings.put("panel " + screen + " " + scheme, axe.findings());
                server.open(browser, "topology");
                browser.click("#topology-mode-list");
                findings.put("list " + screen + " " + scheme, axe.findings());
                browser.click("#topology-mode-graph");
            }
        }
        findings.values().removeIf(List::isEmpty);
        assertThat(findings).isEmpty();
    }

    @Test
    void what_was_known_when_the_agent_went_away_can_still_be_read() {
        Map<String, List<String>> findings = new LinkedHashMap<>();
        Axe axe = new Axe(browser);
        for (Scheme scheme : Scheme.values()) {
            browser.show(Screen.DESK, scheme);
            browser.forgetEverything();
            server.open(browser, "topology");
            browser.await("document.body.dataset.connection === 'live'");
            browser.run("opdbus.store.away()");
            for (String view : VIEWS) {
                browser.run("location.hash = '#/' + arguments[0]", view);
                browser.await("document.body.dataset.currentView === arguments[0]", view);
                browser.await("document.body.dataset.connection === 'away'");
                findings.put(view + " " + scheme, axe.findings());
            }
        }
        findings.values().removeIf(List::isEmpty);
        assertThat(findings).isEmpty();
    }

    @Test
    void every_control_is_reached_with_the_tab_key_and_shows_that_it_has_the_focus() {
        for (String view : VIEWS) {
            server.open(browser, view);
            // Entries of the ledger come after the view, and with them the last of its controls.
            browser.settle();
            browser.run("document.activeElement.blur(); getSelection().removeAllRanges(); scrollTo(0, 0)");
            browser.run("globalThis.reached = new Set(); globalThis.unseen = [];");
            boolean isAround = false;
            for (int tab = 0; tab < CONTROLS_MAX && !isAround; tab++) {
                browser.press(Keys.TAB);
                isAround = Boolean.TRUE.equals(browser.run("const at = document.activeElement;"
                        + "if (at === document.body) return false;"
                        + "if (reached.has(at)) return true;"
                        + "reached.add(at);"
                        + "const style = getComputedStyle(at);"
                        + "if (style.outlineStyle === 'none' && style.boxShadow === 'none')"
                        + " unseen.push(at.outerHTML.slice(0, 120));"
                        + "return false;"));
            }
            List<?> unreached = (List<?>)
                    browser.run("return Array.from(document.querySelectorAll('a[href], button, input, select'))"
                            + ".filter(each => each.checkVisibility() && !each.disabled && !reached.has(each))"
                            + ".map(each => each.outerHTML.slice(0, 120))");
            assertThat(unreached).as("not reached in " + view).isEmpty();
            assertThat((List<?>) browser.run("return unseen"))
                    .as("focus is not seen in " + view)
                    .isEmpty();
        }
    }

    @Test
    void a_container_is_found_and_read_with_the_keyboard_alone() {
        tabTo("document.activeElement.dataset.nav === 'containers'");
        browser.press(Keys.ENTER);
        browser.await("document.body.dataset.currentView === 'containers'");
        tabTo("document.activeElement.id === 'containers-filter'");
        browser.press("cache");
        browser.await("document.querySelectorAll('#containers-table tbody tr').length === 1");
        tabTo("document.activeElement.closest('tr')?.dataset.key === 'alder/cache'");
        browser.press(Keys.ENTER);
        browser.awaitText("#panel [data-field=remedy]", "rename or remove");
        browser.await("document.getElementById('panel').contains(document.activeElement)");
        browser.press(Keys.ESCAPE);
        browser.await("document.getElementById('panel').hidden");
        browser.await("document.activeElement.closest('tr')?.dataset.key === 'alder/cache'");
    }

    @Test
    void the_graph_is_walked_with_the_arrow_keys() {
        tabTo("document.activeElement.id === 'topology-graph'");
        browser.press(Keys.ARROW_DOWN);
        browser.press(Keys.ARROW_DOWN);
        browser.await("document.getElementById('announce').textContent !== ''");
        browser.press(Keys.ENTER);
        browser.await(
                "!document.getElementById('panel').hidden && document.getElementById('panel-title').textContent !== ''");
        browser.press(Keys.ESCAPE);
        browser.await("document.getElementById('panel').hidden");
    }

    private void tabTo(String condition) {
        for (int tab = 0; tab < TABS_MAX; tab++) {
            if (Boolean.TRUE.equals(browser.run("return Boolean(" + condition + ")"))) {
                return;
            }
            browser.press(Keys.TAB);
        }
        throw new AssertionError("the tab key does not lead to where " + condition);
    }
}
