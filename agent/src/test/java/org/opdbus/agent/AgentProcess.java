// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.opdbus.agent.TestHost.sh;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.read.EntryFilter;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.ledger.verify.Verification;
import org.opdbus.ledger.verify.Verifier;

/** A real agent in a process of its own, as {@code op-dbus run} is. */
public final class AgentProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long STOP_LIMIT_S = 60;

    private final Path folder;
    private final Path config;
    private Optional<Process> process = Optional.empty();
    private Map<String, String> environment = Map.of();
    private List<String> through = List.of();
    private int runs;

    /**
     * Creates an agent that keeps its files in this folder, with this configuration beside them. It connects to no D-Bus,
     * because the first one that it would find is the machine's own, unless the settings give names for a bus of the test.
     */
    AgentProcess(Path folder, Map<String, Object> settings) {
        this.folder = folder;
        this.config = folder.resolve("op-dbus.json");
        Map<String, Object> all = new LinkedHashMap<>(Map.of(
                "host", "test",
                "runtime", Map.of("dir", folder.resolve("run").toString()),
                "ledger", Map.of("dir", ledgerDir().toString()),
                "state", Map.of("file", folder.resolve("state.json").toString()),
                "dbus", Map.of("names", List.of())));
        settings.forEach((key, value) -> all.merge(key, value, AgentProcess::merged));
        try {
            Files.write(config, JSON.writeValueAsBytes(all));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** If both have a key of a section, the second one's value counts; other keys of the first one stay. */
    static Object merged(Object first, Object second) {
        if (!(first instanceof Map<?, ?> before) || !(second instanceof Map<?, ?> after)) {
            return second;
        }
        Map<Object, Object> both = new LinkedHashMap<>(before);
        both.putAll(after);
        return both;
    }

    /** Sets these variables for every process that is started from now on, in addition to those of this process. */
    void environment(Map<String, String> variables) {
        environment = variables;
    }

    /** Lets a program such as nsenter(1), which executes it, start every process from now on. */
    void through(List<String> program) {
        through = List.copyOf(program);
    }

    public Path config() {
        return config;
    }

    /** Returns the folder of its files. */
    public Path folder() {
        return folder;
    }

    public Path stateFile() {
        return folder.resolve("state.json");
    }

    public Path ledgerDir() {
        return folder.resolve("ledger");
    }

    Path controlSocket() {
        return folder.resolve("run/control.sock");
    }

    /** Starts it and waits until it reports that it is ready. */
    public AgentProcess start() {
        begin();
        awaitReady();
        return this;
    }

    /** Starts an agent that ends, as if killed, right before or after it does this for the first time. */
    AgentProcess startThatHalts(String boundary) {
        trap(boundary, "halt");
        return startTrapped();
    }

    /** Starts an agent that obeys {@link #trap}. */
    AgentProcess startTrapped() {
        return launch(BuiltProgram.words(
                List.of("-Dtrap.file=" + trapFile(), "-Dclock.file=" + folder.resolve("clock")),
                "org.opdbus.agent.wiring.TrappedAgent",
                "--config",
                config.toString(),
                "run"));
    }

    /** Makes a trapped agent do this the next time that it comes to a boundary such as {@code before name}. */
    void trap(String boundary, String deed) {
        try {
            Path next = folder.resolve("trap.next");
            Files.writeString(next, boundary + " " + deed);
            Files.move(next, trapFile(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sets a trapped agent's clock: so far ahead of the host's, or behind it. */
    void setClock(Duration ahead) {
        try {
            Path next = folder.resolve("clock.next");
            Files.writeString(next, Long.toString(ahead.toSeconds()));
            Files.move(
                    next, folder.resolve("clock"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until the trap has sprung. */
    void awaitSprung() {
        eventually(() -> {
            if (Files.exists(trapFile())) {
                throw new AssertionError("the trap has not sprung:\n" + logText());
            }
        });
    }

    private Path trapFile() {
        return folder.resolve("trap");
    }

    /** Starts an agent from a copy of everything that this program consists of, as an upgrade does. */
    AgentProcess startFromCopy() {
        Path copies = folder.resolve("copy");
        sh("mkdir", "-p", copies.toString());
        List<String> copied = new ArrayList<>();
        int number = 0;
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            if (!Files.exists(Path.of(entry)) || entry.isEmpty()) {
                // A class path may end in a separator, and may name what is not there.
                continue;
            }
            Path copy = copies.resolve(number++ + "-" + Path.of(entry).getFileName());
            sh("cp", "-r", entry, copy.toString());
            copied.add(copy.toString());
        }
        return launch(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx96m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                String.join(File.pathSeparator, copied),
                "org.opdbus.agent.Main",
                "--config",
                config.toString(),
                "run"));
    }

    /**
     * Starts the built program by its launcher, through another program that executes it; waits until it is ready.
     */
    AgentProcess startProgram(List<String> before, Path launcher) {
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of(launcher.toString(), "--config", config.toString(), "run"));
        return launch(command);
    }

    /** Starts it, and does not wait. */
    void begin() {
        begin(BuiltProgram.words("--config", config.toString(), "run"));
    }

    private AgentProcess launch(List<String> command) {
        begin(command);
        awaitReady();
        return this;
    }

    private void begin(List<String> command) {
        runs++;
        List<String> words = new ArrayList<>(through);
        words.addAll(command);
        try {
            ProcessBuilder builder = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(log(runs).toFile());
            builder.environment().putAll(BuiltProgram.environment());
            builder.environment().putAll(environment);
            process = Optional.of(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it reports that it is ready. */
    void awaitReady() {
        eventually(() -> {
            if (!logText().contains("agent.ready")) {
                throw new AssertionError("the agent is not ready:\n" + logText());
            }
        });
    }

    /** Returns the log file of a run: 1 is the first. */
    Path log(int run) {
        return folder.resolve("agent-" + run + ".log");
    }

    /** Returns how often it was started. */
    int runs() {
        return runs;
    }

    /** Returns what the present run has logged. */
    public String logText() {
        return logText(runs);
    }

    /** Returns what one run has logged: 1 is the first. */
    String logText(int run) {
        try {
            return Files.exists(log(run)) ? Files.readString(log(run)) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it has ended by itself. */
    void awaitEnd() {
        eventually(() -> {
            if (isAlive()) {
                throw new AssertionError("the agent goes on:\n" + logText());
            }
        });
    }

    /** Sends SIGHUP. */
    void hangUp() {
        sh("kill", "-HUP", Long.toString(pid()));
    }

    /** Sends SIGTERM and waits for the end. */
    public void stop() {
        end(Process::destroy);
    }

    /** Sends SIGKILL and waits for the end. */
    public void kill() {
        end(Process::destroyForcibly);
    }

    private void end(Consumer<Process> signal) {
        process.ifPresent(running -> {
            signal.accept(running);
            try {
                if (!running.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS)) {
                    throw new AssertionError("the agent did not end within " + STOP_LIMIT_S + " s:\n" + logText());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while the agent ended", e);
            }
        });
        process = Optional.empty();
    }

    /** Sends a signal, waits for the end, and returns the exit status. */
    int end(String signal) {
        Process running = process.orElseThrow();
        end(ended -> sh("kill", "-" + signal, Long.toString(ended.pid())));
        return running.exitValue();
    }

    public boolean isAlive() {
        return process.filter(Process::isAlive).isPresent();
    }

    public long pid() {
        return process.orElseThrow().pid();
    }

    /** Returns what {@code op-dbus query --plugin lxc} shows of this container; missing if it shows nothing. */
    public JsonNode container(String id) {
        for (JsonNode container : ask("query", "lxc").path("containers")) {
            if (container.path("id").asText().equals(id)) {
                return container;
            }
        }
        return MissingNode.getInstance();
    }

    /** Sends a request to the control socket. */
    JsonNode ask(String method, Object... params) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(controlSocket()));
            String request = JSON.writeValueAsString(Map.of("id", 1, "method", method, "params", params));
            channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            JsonNode answer = JSON.readTree(JSON.createParser(Channels.newInputStream(channel)));
            return answer.path("result");
        } catch (IOException e) {
            throw new AssertionError("the agent does not answer: " + e + "\n" + logText(), e);
        }
    }

    /**
     * Returns the result of a full verification of the ledger; an agent that was killed may leave unsigned entries.
     */
    Verification verification() {
        return Verifier.of(ledgerDir()).withUnsignedAllowed().verify();
    }

    /** Every entry of the ledger so far. */
    public List<Entry> ledger() {
        List<Entry> entries = new ArrayList<>();
        LedgerReader.of(ledgerDir()).search(EntryFilter.ALL, entries::add);
        return entries;
    }

    /** The entries of this kind about this subject. */
    public List<Entry> ledger(String kind, String subject) {
        return ledger().stream()
                .filter(entry -> entry.kind().equals(kind) && entry.subject().equals(subject))
                .toList();
    }

    @Override
    public void close() {
        stop();
    }
}
