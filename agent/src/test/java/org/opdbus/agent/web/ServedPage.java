// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.web;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.opdbus.agent.web.Browser.Scheme;
import org.opdbus.agent.web.Browser.Screen;
import org.opdbus.verticles.inventory.SyntheticHost;

/** The page of a synthetic host in a browser, for all tests of a class. Each begins with the topology, on a desk, in light colours. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class ServedPage {
    final SyntheticHost host;
    final PageServer server;
    final Browser browser;

    ServedPage(SyntheticHost host) {
        this.host = host;
        server = PageServer.of(host);
        browser = new Browser();
    }

    @BeforeEach
    final void open() {
        browser.show(Screen.DESK, Scheme.LIGHT);
        browser.forgetEverything();
        server.open(browser, "topology");
    }

    @AfterAll
    final void stop() {
        browser.close();
        server.close();
    }
}
