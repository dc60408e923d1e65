// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A container engine of a test's own, with data, socket, control groups and an image {@code busybox} of its own. The engine of the
 * host is not touched. Use it in a laboratory ({@code deploy/lab}). The engine is started and ended by one thread; containers are
 * run by any number of threads.
 */
public abstract class PrivateEngine implements AutoCloseable {
    private static final int COMMAND_SECONDS_MAX = 120;
    /** The engines' stops wait for this; busybox as a first process ignores SIGTERM. */
    private static final List<String> ENDS_AT_ONCE = List.of("--stop-signal", "SIGKILL");

    private final Path base;
    private final String controlGroup;
    private @Nullable Process daemon;

    PrivateEngine(String name) {
        Laboratory.require();
        try {
            base = Files.createTempDirectory(Path.of("/tmp"), "op-dbus-" + name + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        controlGroup = base.getFileName().toString();
    }

    /** The command line of the engine. */
    abstract List<String> daemon();

    /** The engine's own tool, with the arguments that make it speak to this engine. */
    abstract List<String> tool();

    /** Where the engine listens; the socket exists while the engine runs, and stays after {@link #kill}. */
    public final Path socket() {
        return base.resolve("s");
    }

    final Path base() {
        return base;
    }

    final String controlGroup() {
        return "/" + controlGroup;
    }

    /** Starts the engine, again or for the first time, and waits until it answers; it has the image then. */
    public final void start() {
        daemon = launch(daemon(), Redirect.appendTo(base.resolve("log").toFile()));
        eventually(() -> {
            if (!isRunning()) {
                throw new AssertionError("the engine has ended: " + log());
            }
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
                return channel.isConnected();
            }
        });
        if (run("images", "-q", "busybox").isEmpty()) {
            run("import", image().toString(), "busybox:latest");
        }
    }

    /** Ends the engine as systemd does, and waits until it has ended. */
    public final void stop() {
        end(false);
    }

    /** Kills the engine alone, as a crash does: its containers go on, and its socket stays. */
    public final void kill() {
        end(true);
    }

    /** Whether the engine's process is there. */
    public final boolean isRunning() {
        Process process = daemon;
        return process != null && process.isAlive();
    }

    /** The engine's process, for a test that pauses it. */
    public final long pid() {
        Process process = daemon;
        if (process == null) {
            throw new IllegalStateException("the engine does not run");
        }
        return process.pid();
    }

    /** Runs a container that sleeps, without a network, with more options of {@code run}; returns the engine's id of it. */
    public final String run(String name, List<String> options) {
        return make("run", "-d", name, options);
    }

    /** The same for a container that is not started. */
    public final String create(String name, List<String> options) {
        return make("create", "", name, options);
    }

    /** Runs containers at the same time, all with the same options, and returns when all run. */
    public final void runAll(Collection<String> names, List<String> options) {
        ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, Math.min(names.size(), 16)));
        try {
            CompletableFuture.allOf(names.stream()
                            .map(name -> CompletableFuture.runAsync(() -> run(name, options), threads))
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
        } finally {
            threads.shutdown();
        }
    }

    /** Stops, if need be, and removes containers. */
    public final void remove(Collection<String> names) {
        List<String> words = new ArrayList<>(List.of("rm", "-f"));
        words.addAll(names);
        run(words.toArray(String[]::new));
    }

    /** Runs a program in a container and returns what it printed. */
    public final String exec(String name, String... program) {
        return run(Stream.concat(Stream.of("exec", name), Stream.of(program)).toArray(String[]::new));
    }

    /** The process id of a container's init, in the test's process namespace; 0 if it does not run. */
    public final long initPid(String name) {
        return Long.parseLong(run("inspect", "--format", "{{.State.Pid}}", name));
    }

    /** Runs the engine's own tool: {@code run("pause", "web")}; returns what it printed without white space at the end. */
    public final String run(String... arguments) {
        List<String> command = new ArrayList<>(tool());
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile(base, "output", "");
            Process process = launch(command, Redirect.to(output.toFile()));
            if (!process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end: " + Files.readString(output));
            }
            String printed = Files.readString(output, StandardCharsets.UTF_8).strip();
            Files.delete(output);
            if (process.exitValue() != 0) {
                throw new AssertionError(command + " ended with " + process.exitValue() + ": " + printed);
            }
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + command, e);
        }
    }

    /** What the engine has logged, for the message of a failed test. */
    public final String log() {
        try {
            return Files.readString(base.resolve("log"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** Removes every container, ends the engine, and removes its folders, mounts and control groups. */
    @Override
    public final void close() {
        try {
            if (!isRunning()) {
                start();
            }
            List<String> left = run("ps", "-aq").lines().toList();
            if (!left.isEmpty()) {
                remove(left);
            }
            stop();
        } finally {
            EngineRemains.remove(base, controlGroup);
        }
    }

    private String make(String verb, String detached, String name, List<String> options) {
        List<String> words = new ArrayList<>(List.of(verb));
        if (!detached.isEmpty()) {
            words.add(detached);
        }
        words.addAll(List.of("--name", name, "--cgroup-parent", controlGroup()));
        words.addAll(ENDS_AT_ONCE);
        if (options.stream().noneMatch(word -> word.equals("--network") || word.startsWith("--network="))) {
            words.addAll(List.of("--network", "none"));
        }
        words.addAll(options);
        words.addAll(List.of("busybox", "sleep", "1000000"));
        return run(words.toArray(String[]::new)).lines().reduce("", (first, last) -> last);
    }

    private void end(boolean atOnce) {
        Process process = daemon;
        daemon = null;
        if (process == null) {
            return;
        }
        if (atOnce) {
            process.destroyForcibly();
        } else {
            process.destroy();
        }
        process.onExit().orTimeout(COMMAND_SECONDS_MAX, TimeUnit.SECONDS).join();
    }

    /** A root file system that holds nothing but busybox. */
    private Path image() {
        Path archive = base.resolve("busybox.tar");
        Path root = base.resolve("rootfs");
        String applets = "mkdir -p \"$1/bin\" && cp /bin/busybox \"$1/bin\""
                + " && for each in $(/bin/busybox --list); do"
                + " [ \"$each\" = busybox ] || ln -sf busybox \"$1/bin/$each\"; done"
                + " && tar -C \"$1\" -cf \"$2\" .";
        List<String> command = List.of("sh", "-c", applets, "sh", root.toString(), archive.toString());
        try {
            if (launch(command, Redirect.DISCARD).waitFor() != 0) {
                throw new AssertionError("cannot make the image; install busybox-static");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while making the image", e);
        }
        return archive;
    }

    private static Process launch(List<String> command, Redirect output) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output)
                    .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot run " + command.get(0) + "; install the Debian packages docker.io, podman, crun and runc",
                    e);
        }
    }
}
