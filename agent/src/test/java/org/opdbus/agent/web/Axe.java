// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Looks for barriers to people with disabilities in the page that a browser shows (axe-core). */
final class Axe {
    private static final String SCRIPT = Browser.resource("axe.min.js");
    private static final List<String> GRAVE = List.of("serious", "critical");

    private final Browser browser;

    Axe(Browser browser) {
        this.browser = browser;
    }

    /** Returns the serious and critical findings, a line for each element. */
    List<String> findings() {
        if (!Boolean.TRUE.equals(browser.run("return 'axe' in globalThis"))) {
            browser.run(SCRIPT);
        }
        List<?> violations = (List<?>)
                browser.runAsync("const {violations} = await axe.run(document, {resultTypes: ['violations']});"
                        + "return violations.map(each => ({impact: each.impact, id: each.id,"
                        + " nodes: each.nodes.map(node => node.target.join(' ') + ': ' + node.failureSummary)}))");
        List<String> found = new ArrayList<>();
        for (Object violation : violations) {
            Map<?, ?> one = (Map<?, ?>) violation;
            if (GRAVE.contains(String.valueOf(one.get("impact")))) {
                ((List<?>) Objects.requireNonNull(one.get("nodes")))
                        .forEach(node -> found.add(one.get("impact") + " " + one.get("id") + " " + node));
            }
        }
        return found;
    }
}
