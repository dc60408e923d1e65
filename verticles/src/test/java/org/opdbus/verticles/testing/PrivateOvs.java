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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An Open vSwitch of a test's own: the real ovsdb-server and ovs-vswitchd with database, sockets and logs in a new
 * folder below /tmp. ovs-vswitchd uses the userspace datapath, of which there may be one in a network namespace, so an
 * instance belongs in an integration test, whose namespaces are its own. Not for use by several threads at once.
 */
public final class PrivateOvs implements AutoCloseable {
    private static final String SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema";
    private static final int COMMAND_SECONDS_MAX = 30;

    private final Path dir;
    private final List<String> through;
    private @Nullable Process database;
    private @Nullable Process switchd;

    /** Makes an empty database; nothing runs yet. */
    public PrivateOvs() {
        this(List.of());
    }

    /** The same, whose daemons are run by a program such as nsenter(1), which becomes them. */
    public PrivateOvs(List<String> through) {
        Laboratory.require();
        this.through = List.copyOf(through);
        try {
            dir = Files.createTempDirectory(Path.of("/tmp"), "ovs-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        createDatabase();
    }

    /** Starts both daemons and waits until they answer. */
    public PrivateOvs start() {
        startDatabase();
        startSwitch();
        return this;
    }

    /** Starts ovsdb-server alone: {@code vsctl} then changes the database without waiting for anybody to act on it. */
    public PrivateOvs startDatabaseOnly() {
        startDatabase();
        return this;
    }

    /** The database's unix socket; it exists only while ovsdb-server runs. */
    public Path socket() {
        return dir.resolve("db.sock");
    }

    /** What {@code OVS_RUNDIR} must be for other programs' ovs-vsctl to find this instance. */
    public Path runDir() {
        return dir;
    }

    /** The database file, for tests that keep an older copy of it. */
    public Path databaseFile() {
        return dir.resolve("conf.db");
    }

    /** Runs ovs-vsctl, with a time limit, and returns what it printed without white space at the end. */
    public String vsctl(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("ovs-vsctl", "--timeout=" + COMMAND_SECONDS_MAX, "--db=unix:" + socket()));
        if (switchd == null) {
            command.add("--no-wait");
        }
        command.addAll(List.of(arguments));
        return run(command);
    }

    /** Adds a bridge on the userspace datapath. */
    public void addBridge(String name) {
        vsctl("add-br", name, "--", "set", "bridge", name, "datapath_type=netdev");
    }

    /** Starts ovsdb-server, again or for the first time, and initialises the database if it is new. */
    public void startDatabase() {
        database = start(
                "ovsdb-server",
                databaseFile().toString(),
                "--remote=punix:" + socket(),
                "--remote=db:Open_vSwitch,Open_vSwitch,manager_options");
        eventually(() -> {
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
                return channel.isConnected();
            }
        });
        run(List.of("ovs-vsctl", "--timeout=" + COMMAND_SECONDS_MAX, "--db=unix:" + socket(), "--no-wait", "init"));
    }

    /** Kills ovsdb-server at once, as a crash does; its socket stays behind. */
    public void killDatabase() {
        database = kill(database);
    }

    /** Stops ovsdb-server from running without ending it: its socket accepts connections and nothing answers. */
    public void pauseDatabase() {
        signal(database, "STOP");
    }

    /** Lets a paused ovsdb-server go on. */
    public void resumeDatabase() {
        signal(database, "CONT");
    }

    /** Empties the database of a killed ovsdb-server. */
    public void wipeDatabase() {
        if (database != null) {
            throw new IllegalStateException("ovsdb-server still runs on the database that is to be wiped");
        }
        try {
            Files.deleteIfExists(databaseFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        createDatabase();
    }

    /** Starts ovs-vswitchd, again or for the first time, and waits until it has acted on the database. */
    public void startSwitch() {
        switchd = start("ovs-vswitchd", "unix:" + socket());
        vsctl("init");
    }

    /** Kills ovs-vswitchd at once, as a crash does. */
    public void killSwitch() {
        switchd = kill(switchd);
    }

    @Override
    public void close() {
        killSwitch();
        killDatabase();
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void createDatabase() {
        run(List.of("ovsdb-tool", "create", databaseFile().toString(), SCHEMA));
    }

    private Process start(String daemon, String... arguments) {
        List<String> command = new ArrayList<>(through);
        command.add(daemon);
        command.addAll(List.of(arguments));
        command.addAll(
                List.of("--pidfile", "--no-chdir", "-vconsole:off", "--log-file=" + dir.resolve(daemon + ".log")));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(dir.resolve(daemon + ".out").toFile()));
        builder.environment().putAll(environment());
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + daemon + "; install openvswitch-switch", e);
        }
    }

    private Map<String, String> environment() {
        return Map.of("OVS_RUNDIR", dir.toString(), "OVS_DBDIR", dir.toString(), "OVS_LOGDIR", dir.toString());
    }

    private String run(List<String> command) {
        try {
            Path output = Files.createTempFile(dir, "command", ".out");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().putAll(environment());
            Process process = builder.start();
            if (!process.waitFor(2 * COMMAND_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(command + " did not end");
            }
            String text = Files.readString(output, StandardCharsets.UTF_8).strip();
            Files.delete(output);
            if (process.exitValue() != 0) {
                throw new IllegalStateException(command + " ended with " + process.exitValue() + ": " + text);
            }
            return text;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command + "; install openvswitch-switch", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        }
    }

    private static void signal(@Nullable Process process, String name) {
        if (process == null) {
            throw new IllegalStateException("SIG" + name + " for a daemon that does not run");
        }
        try {
            int exit = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new IllegalStateException("kill -" + name + " ended with " + exit);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while signalling a daemon", e);
        }
    }

    private static @Nullable Process kill(@Nullable Process process) {
        if (process != null) {
            process.destroyForcibly()
                    .onExit()
                    .orTimeout(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)
                    .join();
        }
        return null;
    }
}
