// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Real busybox containers under a private lxc.path, started and stopped by LXC's own programs.
 *
 * <p>Nothing of the host's configuration is used: no default.conf, no lxc-net, no AppArmor. Needs root, and the Debian
 * packages lxc, lxc-templates and busybox-static; use it in a laboratory ({@code deploy/lab}). Safe for use by several
 * threads.
 */
public final class LxcContainers implements AutoCloseable {
    private static final long TIMEOUT_S = 120;

    private final Path base;
    private final Path lxcPath;
    private final LxcTemplate template;
    private final List<String> through;
    private final Map<String, String> environment = new HashMap<>();
    private final Set<String> ids = new LinkedHashSet<>();

    /** Containers under a fresh temporary path. */
    public LxcContainers() {
        this(List.of());
    }

    /** The same, for which LXC's programs are run by one such as nsenter(1), which becomes them. */
    public LxcContainers(List<String> through) {
        this(newBase(), "containers", through);
    }

    private LxcContainers(Path base, String folder, List<String> through) {
        Laboratory.require();
        this.base = base;
        this.through = List.copyOf(through);
        this.lxcPath = base.resolve(folder);
        this.template = new LxcTemplate(base.resolve("template"));
        createDirectories(lxcPath);
        createDirectories(base.resolve("log"));
    }

    /** What one container is to be: {@code Definition.of("100").link("vmbr0").vlan(42)}. */
    public record Definition(String id, List<String> network, List<String> extra) {
        /** A container with one veth whose host's end is attached to nothing. */
        public static Definition of(String id) {
            return new Definition(id, List.of("lxc.net.0.type = veth", "lxc.net.0.flags = up"), List.of());
        }

        /** No link but loopback. */
        public Definition withoutNetwork() {
            return new Definition(id, List.of("lxc.net.0.type = empty"), extra);
        }

        /** {@code lxc.net.0.link}: the bridge that LXC itself attaches the host's end to. */
        public Definition link(String bridge) {
            return network("lxc.net.0.link = " + bridge);
        }

        /** {@code lxc.net.0.veth.vlan.id}. */
        public Definition vlan(int vlan) {
            return network("lxc.net.0.veth.vlan.id = " + vlan);
        }

        /** {@code lxc.net.0.veth.pair}: the name of the host's end. */
        public Definition pair(String name) {
            return network("lxc.net.0.veth.pair = " + name);
        }

        /** {@code lxc.net.0.ipv4.address}, as {@code 10.0.0.1/24}. */
        public Definition address(String address) {
            return network("lxc.net.0.ipv4.address = " + address);
        }

        /** Another veth, {@code lxc.net.<index>}. */
        public Definition another(int index) {
            return network("lxc.net." + index + ".type = veth").network("lxc.net." + index + ".flags = up");
        }

        /** Any other line of lxc.container.conf(5). */
        public Definition line(String line) {
            return new Definition(id, network, plus(extra, line));
        }

        private Definition network(String line) {
            return new Definition(id, plus(network, line), extra);
        }

        private static List<String> plus(List<String> lines, String line) {
            return Stream.concat(lines.stream(), Stream.of(line)).toList();
        }
    }

    /** The private lxc.path. */
    public Path lxcPath() {
        return lxcPath;
    }

    /** The root file system of a container, to put files into before it is started. */
    public Path rootfs(String id) {
        return lxcPath.resolve(id).resolve("rootfs");
    }

    /** A variable for the environment of every program started from now on, such as {@code OVS_RUNDIR}. */
    public synchronized LxcContainers environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Creates a container with one veth that is attached to nothing. */
    public LxcContainers create(String id) {
        return create(Definition.of(id));
    }

    /** Creates a container; its {@code config} file comes last and at once, as a watcher would like it. */
    public LxcContainers create(Definition definition) {
        synchronized (this) {
            ids.add(definition.id());
        }
        template.instantiate(lxcPath.resolve(definition.id()), definition);
        return this;
    }

    /** Starts a container by plain {@code lxc-start} and returns when LXC says that it runs. */
    public LxcContainers start(String id) {
        run("lxc-start", id, "-d", "-l", "INFO", "-o", logFile(id).toString());
        return this;
    }

    /** Starts containers at the same time and returns when all run. */
    public LxcContainers startAll(Collection<String> wanted) {
        inParallel(wanted, this::start);
        return this;
    }

    /** Starts a container by {@code lxc-start} in the foreground: the process lives as long as the container. */
    public Process startInForeground(String id) {
        return launch(command("lxc-start", id, "-F"), nullDevice());
    }

    /** Runs one program in a container by {@code lxc-execute}; the process lives as long as the container. */
    public Process execute(String id, String... program) {
        List<String> command = new ArrayList<>(command("lxc-execute", id, "--"));
        command.addAll(List.of(program));
        return launch(command, nullDevice());
    }

    /** Stops a running container the hard way and returns when it is gone. */
    public LxcContainers stop(String id) {
        run("lxc-stop", id, "-k");
        return this;
    }

    /** Stops containers at the same time. */
    public LxcContainers stopAll(Collection<String> wanted) {
        inParallel(wanted, this::stop);
        return this;
    }

    /** Removes the definition and the root file system of a stopped container. */
    public LxcContainers destroy(String id) {
        run("lxc-destroy", id);
        synchronized (this) {
            ids.remove(id);
        }
        return this;
    }

    /** Runs a program in a running container and returns what it printed; fails if its exit code is not 0. */
    public String attach(String id, String... program) {
        List<String> command = new ArrayList<>(command("lxc-attach", id, "--clear-env", "--"));
        command.addAll(List.of(program));
        return run(command);
    }

    /** What LXC says of a container: {@code RUNNING}, {@code STOPPED}, … */
    public String state(String id) {
        return run("lxc-info", id, "-sH").strip();
    }

    /** The process id of a running container's init. */
    public long initPid(String id) {
        return Long.parseLong(run("lxc-info", id, "-pH").strip());
    }

    /** What LXC logged about a container, for the message of a failed test. */
    public String log(String id) {
        try {
            return Files.exists(logFile(id)) ? Files.readString(logFile(id)) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Stops every container and removes everything. */
    @Override
    public void close() {
        Set<String> all;
        synchronized (this) {
            all = Set.copyOf(ids);
        }
        inParallel(all, id -> {
            if (Files.exists(lxcPath.resolve(id).resolve("config"))
                    && !state(id).equals("STOPPED")) {
                stop(id);
            }
        });
        LxcTemplate.delete(base);
        LeftGroups.remove(all);
    }

    private Path logFile(String id) {
        return base.resolve("log").resolve(id + ".log");
    }

    private List<String> command(String program, String id, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program, "-P", lxcPath.toString(), "-n", id));
        command.addAll(List.of(arguments));
        return command;
    }

    private String run(String program, String id, String... arguments) {
        return run(command(program, id, arguments));
    }

    /** The output goes through a file, because a daemon that inherits a pipe would keep its reader waiting. */
    private String run(List<String> command) {
        try {
            Path output = Files.createTempFile(base, "output", "");
            Process process = launch(command, ProcessBuilder.Redirect.to(output.toFile()));
            if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(
                        command + " did not end within " + TIMEOUT_S + " s: " + Files.readString(output));
            }
            String printed = Files.readString(output);
            Files.delete(output);
            if (process.exitValue() != 0) {
                throw new AssertionError(command + " failed with " + process.exitValue() + ": " + printed);
            }
            return printed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + command, e);
        }
    }

    private Process launch(List<String> command, ProcessBuilder.Redirect output) {
        List<String> words = new ArrayList<>(through);
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        synchronized (this) {
            builder.environment().putAll(environment);
        }
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot run " + command.get(0) + "; install the Debian packages lxc and lxc-templates", e);
        }
    }

    private static ProcessBuilder.Redirect nullDevice() {
        return ProcessBuilder.Redirect.DISCARD;
    }

    private static void inParallel(Collection<String> ids, java.util.function.Consumer<String> work) {
        if (ids.isEmpty()) {
            return;
        }
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(ids.size(), 32));
        try {
            CompletableFuture.allOf(ids.stream()
                            .map(id -> CompletableFuture.runAsync(() -> work.accept(id), threads))
                            .toArray(CompletableFuture<?>[]::new))
                    .join();
        } finally {
            threads.shutdown();
        }
    }

    private static Path newBase() {
        try {
            // A name of its own length matters: LXC hashes a command socket's name that exceeds sun_path.
            return Files.createTempDirectory(Path.of("/tmp"), "lxc");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void createDirectories(Path path) {
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
