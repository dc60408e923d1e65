// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One run of {@code op-dbus} in a process of its own. */
public final class TestCommand {
    private static final long LIMIT_S = 300;

    private final List<String> words;
    private final Process process;
    private final Path out;
    private final Path err;

    private TestCommand(List<String> words, Process process, Path out, Path err) {
        this.words = words;
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** The output of a command that has ended. */
    public record Result(int status, String out, String err) {
        public List<String> lines() {
            return out.lines().toList();
        }

        @Override
        public String toString() {
            return "status " + status + "\n" + out + "\n" + err;
        }
    }

    /** Starts one with this configuration. */
    static TestCommand start(Path config, String... arguments) {
        return start(config, Map.of(), List.of(), arguments);
    }

    /** Starts one with additional environment variables, through a program that changes its user. */
    static TestCommand start(Path config, Map<String, String> environment, List<String> through, String... arguments) {
        List<String> words = new ArrayList<>(through);
        words.addAll(BuiltProgram.words("--config", config.toString()));
        words.addAll(List.of(arguments));
        try {
            Path out = Files.createTempFile("op-dbus", ".out");
            Path err = Files.createTempFile("op-dbus", ".err");
            ProcessBuilder builder =
                    new ProcessBuilder(words).redirectOutput(out.toFile()).redirectError(err.toFile());
            builder.environment().putAll(BuiltProgram.environment());
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            return new TestCommand(words, process, out, err);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs one to its end. */
    public static Result run(Path config, String... arguments) {
        return start(config, arguments).result();
    }

    /** Waits for the end. */
    Result result() {
        try {
            if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
                throw new AssertionError("not ended after " + LIMIT_S + " s: " + words + "\n" + text(err));
            }
            return new Result(process.exitValue(), text(out), text(err));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** What it has printed so far. */
    String out() {
        return text(out);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Sends SIGTERM and waits for the end. */
    Result terminate() {
        process.destroy();
        return result();
    }

    /** Sends SIGKILL and waits for the end. */
    void kill() {
        process.destroyForcibly();
        result();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
