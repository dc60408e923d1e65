// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs the tests of the page's modules, which are JavaScript themselves, in the browser that they are for. */
final class PageModulesIT {
    private static final List<String> FILES = List.of("model.test.js", "topology.test.js", "text.test.js");

    private static PageFolder folder;
    private static Browser browser;

    @BeforeAll
    static void start() throws IOException {
        folder = new PageFolder();
        browser = new Browser();
        browser.open(folder.origin() + "/icon.svg");
    }

    @AfterAll
    static void stop() {
        browser.close();
        folder.close();
    }

    @TestFactory
    List<DynamicTest> modules() {
        List<DynamicTest> tests = new ArrayList<>();
        for (String file : FILES) {
            List<?> names = (List<?>)
                    browser.runAsync("return Object.keys((await import(parameters[0])).tests)", "/tests/" + file);
            assertThat(names).isNotEmpty();
            for (Object name : names) {
                tests.add(dynamicTest(
                        file + ": " + name,
                        () -> browser.runAsync(
                                "await (await import(parameters[0])).tests[parameters[1]]()", "/tests/" + file, name)));
            }
        }
        return tests;
    }
}
