// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One run of {@code op-dbus capture}, whose standard output the test reads or leaves unread. */
final class CaptureProcess implements AutoCloseable {
    private static final long LIMIT_S = 60;
    private static final Pattern SUMMARY =
            Pattern.compile("(\\d+) frames captured, (\\d+) received by the filter, (\\d+) dropped by the kernel");

    private final Process process;
    private final Path messages;

    /** The figures of the last line. */
    record Figures(long captured, long received, long dropped) {}

    private CaptureProcess(Process process, Path messages) {
        this.process = process;
        this.messages = messages;
    }

    /** Starts one that keeps its messages in this folder, and does not wait. */
    static CaptureProcess begin(Path folder, String... arguments) {
        List<String> words = new ArrayList<>(BuiltProgram.words("capture"));
        words.addAll(List.of(arguments));
        try {
            Path messages = Files.createTempFile(folder, "capture", ".err");
            ProcessBuilder builder = new ProcessBuilder(words).redirectError(messages.toFile());
            builder.environment().putAll(BuiltProgram.environment());
            return new CaptureProcess(builder.start(), messages);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts one and waits until it captures. */
    static CaptureProcess start(Path folder, String... arguments) {
        CaptureProcess started = begin(folder, arguments);
        started.awaitMessage("capturing on ");
        return started;
    }

    void awaitMessage(String part) {
        eventually(() -> assertThat(messages()).contains(part));
    }

    String messages() {
        try {
            return Files.readString(messages);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    InputStream output() {
        return process.getInputStream();
    }

    long pid() {
        return process.pid();
    }

    /** Sends a signal and returns the exit status. */
    int end(String signal) {
        TestHost.sh("kill", "-" + signal, Long.toString(process.pid()));
        return awaitEnd();
    }

    /** Waits for its end and returns the exit status. */
    int awaitEnd() {
        try {
            if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
                throw new AssertionError("the capture goes on: " + messages());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    Figures figures() {
        Matcher matcher = SUMMARY.matcher(messages());
        assertThat(matcher.find()).as(messages()).isTrue();
        return new Figures(
                Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        awaitEnd();
    }
}
