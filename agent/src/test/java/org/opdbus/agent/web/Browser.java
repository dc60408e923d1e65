// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.JavascriptException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/**
 * A real Chromium in the laboratory of the test, with one open page. Not for use by several threads at once.
 */
final class Browser implements AutoCloseable {
    /** A page that has nothing to wait for shows a change within a frame; test machines have much else to do. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final ChromeProgram program = ChromeProgram.start();
    private final BrowserLogs logs = new BrowserLogs(program.driver());

    /** A screen. */
    enum Screen {
        DESK(1440, 900),
        PHONE(390, 844);

        final int width;
        final int height;

        Screen(int width, int height) {
            this.width = width;
            this.height = height;
        }
    }

    /** The scheme of colours that the user has chosen for all pages. */
    enum Scheme {
        LIGHT,
        DARK;

        String word() {
            return this == DARK ? "dark" : "light";
        }
    }

    /** A browser with the screen of a desk and light colours. */
    Browser() {
        show(Screen.DESK, Scheme.LIGHT);
        // Its first page asks for much of the browser's own.
        forgetEverything();
    }

    BrowserLogs logs() {
        return logs;
    }

    /** Gives the page this screen and these colours. */
    void show(Screen screen, Scheme scheme) {
        command(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        screen.width,
                        "height",
                        screen.height,
                        "deviceScaleFactor",
                        1,
                        "mobile",
                        screen == Screen.PHONE));
        command(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", scheme.word()),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    /** Opens an address, and waits until the page has loaded. */
    void open(String address) {
        program.driver().get(address);
    }

    /** Runs a function's body in the page. */
    Object run(String body, Object... arguments) {
        return Optional.ofNullable(program.driver().executeScript(body, arguments))
                .orElse("");
    }

    /** Runs the body of an asynchronous function in the page, and waits for its result. */
    Object runAsync(String body, Object... arguments) {
        Object result = program.driver()
                .executeAsyncScript(
                        "const args = Array.from(arguments), done = args.pop();"
                                + "(async (...parameters) => {" + body + "})(...args)"
                                + ".then(value => done({value}), error => done({error: String(error && error.stack || error)}));",
                        arguments);
        Map<?, ?> answer = (Map<?, ?>) Optional.ofNullable(result).orElseThrow();
        if (answer.containsKey("error")) {
            throw new JavascriptException(String.valueOf(answer.get("error")));
        }
        return Optional.<Object>ofNullable(answer.get("value")).orElse("");
    }

    /** Waits until an expression is true in the page. */
    void await(String expression, Object... arguments) {
        eventually(
                "not true in the page: " + expression + " of " + List.of(arguments),
                () -> Boolean.TRUE.equals(run("return Boolean(" + expression + ")", arguments)));
    }

    /** Waits until an element is there, and its text contains this. */
    void awaitText(String selector, String text) {
        eventually(
                "\"" + text + "\" is not in " + selector, () -> text(selector).contains(text));
    }

    /**
     * From now on, until another page is opened, the page notes when each of these expressions becomes true for the first time; it
     * looks after each change of the document.
     *
     * @param expressions by name
     */
    void watch(Map<String, String> expressions) {
        String checks = expressions.entrySet().stream()
                .map(each -> "'" + each.getKey() + "': () => Boolean(" + each.getValue() + ")")
                .collect(Collectors.joining(","));
        run("globalThis.firstSeen = {}; const checks = {" + checks + "};"
                + "const look = () => { for (const [name, check] of Object.entries(checks))"
                + " if (!(name in firstSeen) && check()) firstSeen[name] = performance.timeOrigin + performance.now(); };"
                + "new MutationObserver(look).observe(document,"
                + " {subtree: true, childList: true, attributes: true, characterData: true}); look();");
    }

    /** Waits until a watched expression has become true, and returns when that was. */
    Instant whenSeen(String name) {
        await("arguments[0] in firstSeen", name);
        double millis = ((Number) run("return firstSeen[arguments[0]]", name)).doubleValue();
        return Instant.ofEpochMilli((long) millis).plusNanos((long) (millis % 1 * 1e6));
    }

    /** Returns the texts that a user sees of the elements that match, one a line. */
    String text(String selector) {
        return String.valueOf(run(
                "return Array.from(document.querySelectorAll(arguments[0]), each => each.innerText).join('\\n')",
                selector));
    }

    /** Waits until an element is there, and clicks on it as a user does. */
    void click(String selector) {
        await("document.querySelector(arguments[0])?.checkVisibility()", selector);
        element(selector).click();
    }

    private void eventually(String otherwise, BooleanSupplier condition) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError(otherwise + "\n" + run("return location.href") + "\n" + text("body") + "\n"
                        + logs.complaints());
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    WebElement element(String selector) {
        return program.driver().findElement(By.cssSelector(selector));
    }

    /** Presses keys one after the other, wherever the focus is. */
    void press(CharSequence... keys) {
        new Actions(program.driver()).sendKeys(keys).perform();
    }

    Actions mouse() {
        return new Actions(program.driver());
    }

    /** From the next page on, every page believes that it was opened at this moment. */
    void stopClock(Instant now) {
        command(
                "Page.addScriptToEvaluateOnNewDocument",
                Map.of(
                        "source",
                        "const opened = Date.now(); const real = Date; globalThis.Date = class extends real {"
                                + " constructor(...given) { super(...(given.length === 0 ? [real.now() - opened + "
                                + now.toEpochMilli()
                                + "] : given)); }"
                                + " static now() { return real.now() - opened + " + now.toEpochMilli() + "; } };"));
        command("Emulation.setTimezoneOverride", Map.of("timezoneId", "UTC"));
    }

    /** Waits until the fonts are there and nothing in the document has changed for a moment. */
    void settle() {
        runAsync("await document.fonts.ready; let last = performance.now();"
                + "const observer = new MutationObserver(() => { last = performance.now(); });"
                + "observer.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});"
                + "while (performance.now() - last < 400) await new Promise(resolve => setTimeout(resolve, 50));"
                + "observer.disconnect();");
    }

    /** Returns what the page looks like, as PNG. */
    byte[] picture() {
        return program.driver().getScreenshotAs(OutputType.BYTES);
    }

    /** Sends a command of the browser's own protocol. */
    Map<String, Object> command(String name, Map<String, Object> parameters) {
        return program.driver().executeCdpCommand(name, parameters);
    }

    /** Returns the cookies of the page's origin, also those that no script can read. */
    Set<Cookie> cookies() {
        return program.driver().manage().getCookies();
    }

    void add(Cookie cookie) {
        program.driver().manage().addCookie(cookie);
    }

    /** Forgets sign-ins and whatever pages have stored, as a new user of this browser would. */
    void forgetEverything() {
        program.driver().manage().deleteAllCookies();
        command("Network.clearBrowserCookies", Map.of());
        open("about:blank");
        logs.clear();
    }

    /** Returns a file on the test's class path. */
    static String resource(String name) {
        try (InputStream stream = Browser.class.getClassLoader().getResourceAsStream(name)) {
            if (stream == null) {
                throw new AssertionError(name + " is not on the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
