// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real nats-server with a configuration file, whose state can be read at a port of its own (option {@code -m}). Its log is beside
 * the file. For one thread.
 */
public final class NatsServer implements AutoCloseable {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
    private static final long END_SECONDS_MAX = 60;

    private final Path configuration;
    private final String address;
    private final int monitor;
    private final HttpClient http = HttpClient.newHttpClient();
    private @Nullable Process process;

    /**
     * @param address where it listens for clients, according to the configuration
     * @param monitor a free port of that address
     */
    public NatsServer(Path configuration, String address, int monitor) {
        this.configuration = configuration;
        this.address = address;
        this.monitor = monitor;
    }

    /** Starts the server, again or for the first time; it need not be ready yet. */
    public void begin() {
        if (isRunning()) {
            throw new IllegalStateException("the server runs");
        }
        try {
            process = new ProcessBuilder("nats-server", "-c", configuration.toString(), "-m", Integer.toString(monitor))
                    .redirectErrorStream(true)
                    .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(Redirect.appendTo(logFile().toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run nats-server; install the Debian package nats-server", e);
        }
    }

    /** Waits until clients can use it and its JetStream, which needs a quorum of its cluster. */
    public void awaitReady() {
        eventually(() -> {
            if (!isRunning()) {
                throw new AssertionError("the server has ended: " + log());
            }
            if (!isReady()) {
                throw new AssertionError("the server is not ready: " + log());
            }
        });
    }

    /** Whether its JetStream is up to date and has a leader now. */
    public boolean isReady() {
        return isRunning() && healthy() && state("jsz").matches("(?s).*\"leader\": *\"[^\"]+\".*|(?!.*meta_cluster).*");
    }

    /** Returns a page of its state as JSON: {@code varz}, {@code jsz?streams=true}, {@code connz?auth=true}; empty if there is none. */
    public String state(String page) {
        try {
            return get(page).body();
        } catch (IOException e) {
            return "";
        }
    }

    /** Ends it as systemd does, and waits until it has ended. */
    public void stop() {
        end("TERM");
    }

    /** Kills it at once (SIGKILL). */
    public void kill() {
        end("KILL");
    }

    /** Makes it read its configuration again. */
    public void reload() {
        signal("HUP");
    }

    /** Stops it from running without ending it: connections stay open and nothing answers. */
    public void pause() {
        signal("STOP");
    }

    /** Lets a paused server go on. */
    public void resume() {
        signal("CONT");
    }

    public boolean isRunning() {
        Process running = process;
        return running != null && running.isAlive();
    }

    /** What the server has logged since its first start. */
    public String log() {
        try {
            return Files.readString(logFile(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        if (isRunning()) {
            kill();
        }
    }

    private boolean healthy() {
        try {
            return get("healthz").statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private HttpResponse<String> get(String page) throws IOException {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create("http://" + address + ":" + monitor + "/" + page))
                            .timeout(ANSWER_LIMIT)
                            .build(),
                    BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking a nats-server", e);
        }
    }

    private void end(String name) {
        Process running = process;
        if (running == null) {
            return;
        }
        signal(name);
        running.onExit().orTimeout(END_SECONDS_MAX, TimeUnit.SECONDS).join();
        process = null;
    }

    private void signal(String name) {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException("SIG" + name + " for a server that does not run");
        }
        List<String> command = new ArrayList<>(List.of("kill", "-" + name, Long.toString(running.pid())));
        try {
            int exit = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (exit != 0 && running.isAlive()) {
                throw new IllegalStateException(command + " ended with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while signalling a nats-server", e);
        }
    }

    private Path logFile() {
        return configuration.resolveSibling(configuration.getFileName() + ".log");
    }
}
