// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** What a browser has written to its console, and what it has asked for over the network. */
final class BrowserLogs {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final WebDriver driver;
    private final List<LogEntry> console = new ArrayList<>();
    private final List<String> requests = new ArrayList<>();

    BrowserLogs(WebDriver driver) {
        this.driver = driver;
    }

    /** Returns the addresses of all requests so far, in their order; without those that need no network. */
    List<String> requests() {
        read();
        return List.copyOf(requests);
    }

    /** Returns the errors and warnings on the console so far. */
    List<String> complaints() {
        read();
        return console.stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    /** Forgets what was so far. */
    void clear() {
        read();
        console.clear();
        requests.clear();
    }

    /** Checks that the console has no error and no warning, and that only this origin was asked. */
    void assertClean(String origin) {
        assertThat(complaints()).as("complaints on the console").isEmpty();
        assertThat(requests()).as("requests").isNotEmpty().allMatch(address -> address.startsWith(origin + "/"));
    }

    private void read() {
        driver.manage().logs().get(LogType.BROWSER).forEach(console::add);
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            // Most entries say that a piece of a stream has come.
            if (entry.getMessage().contains("Network.requestWillBeSent")
                    || entry.getMessage().contains("Network.webSocketCreated")) {
                request(entry.getMessage());
            }
        }
    }

    private void request(String entry) {
        try {
            JsonNode message = JSON.readTree(entry).path("message");
            JsonNode params = message.path("params");
            String address = message.path("method").asText().equals("Network.webSocketCreated")
                    ? params.path("url").asText()
                    : params.path("request").path("url").asText();
            if (!address.isEmpty() && !address.startsWith("data:") && !address.startsWith("blob:")) {
                requests.add(address);
            }
        } catch (JsonProcessingException e) {
            throw new AssertionError(entry, e);
        }
    }
}
