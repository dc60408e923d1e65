// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.web;

import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * Debian's Chromium without a screen and the program that drives it, with a home of their own. {@link #close} ends every process
 * of them, also after a failure.
 */
final class ChromeProgram implements AutoCloseable {
    private static final File BROWSER = new File("/usr/bin/chromium");
    private static final File DRIVER = new File("/usr/bin/chromedriver");
    /** Warns of each browser that is newer than the driver's library; nothing that depends on the version is used. */
    private static final Logger LIBRARY = Logger.getLogger("org.openqa.selenium");

    static {
        LIBRARY.setLevel(Level.SEVERE);
    }

    private final Path home;
    private final ChromeDriverService service;
    private final List<ProcessHandle> processes = new ArrayList<>();
    private final ChromeDriver driver;

    private ChromeProgram(Path home, ChromeDriverService service) {
        this.home = home;
        this.service = service;
        try {
            driver = new ChromeDriver(service, options(home));
        } catch (RuntimeException e) {
            endProcesses();
            throw new AssertionError("the browser does not start: " + e.getMessage() + "\n" + driverLog(), e);
        }
    }

    static ChromeProgram start() {
        for (File program : List.of(BROWSER, DRIVER)) {
            if (!program.canExecute()) {
                throw new AssertionError(program + " is missing: apt-get install chromium chromium-driver");
            }
        }
        try {
            Path home = Files.createTempDirectory("op-dbus-browser");
            return new ChromeProgram(
                    home,
                    new ChromeDriverService.Builder()
                            .usingDriverExecutable(DRIVER)
                            .usingAnyFreePort()
                            .withEnvironment(Map.of("HOME", home.toString()))
                            .withLogFile(home.resolve("driver.log").toFile())
                            .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ChromeDriver driver() {
        return driver;
    }

    /** Returns what the driver has logged, for the message of a failure. */
    String driverLog() {
        try {
            return Files.readString(home.resolve("driver.log"));
        } catch (IOException e) {
            return "no log of the driver: " + e;
        }
    }

    private static ChromeOptions options(Path home) {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(BROWSER);
        options.setAcceptInsecureCerts(true);
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        options.addArguments(
                "--headless=new",
                // The tests run as root, and root's Chromium has no sandbox. It shows pages of the agent only.
                "--no-sandbox",
                "--user-data-dir=" + home.resolve("profile"),
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-default-apps",
                "--disable-extensions",
                "--disable-sync",
                "--disable-breakpad",
                "--disable-dev-shm-usage",
                "--force-color-profile=srgb",
                "--hide-scrollbars",
                "--lang=en");
        return options;
    }

    /** The driver and everything that it has started, as far as it is a descendant now. */
    private List<ProcessHandle> family() {
        String port = "--port=" + service.getUrl().getPort();
        return ProcessHandle.current()
                .children()
                .filter(child ->
                        List.of(child.info().arguments().orElse(new String[0])).contains(port))
                .flatMap(child -> Stream.concat(child.descendants(), Stream.of(child)))
                .toList();
    }

    private void endProcesses() {
        processes.addAll(family());
        service.stop();
        processes.forEach(ProcessHandle::destroyForcibly);
        eventually(() -> {
            List<ProcessHandle> alive =
                    processes.stream().filter(ProcessHandle::isAlive).toList();
            if (!alive.isEmpty()) {
                throw new AssertionError("still alive: " + alive);
            }
        });
    }

    @Override
    public void close() {
        processes.addAll(family());
        try {
            driver.quit();
        } finally {
            endProcesses();
        }
    }
}
