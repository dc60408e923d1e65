// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.testing;

import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A message bus of a test's own: a real dbus-daemon with the type and the rules of the system bus, except that every program may
 * call every other one, unless the test has rules for that. So it is the called program that decides. Only root and polkitd may
 * own names. Programs can use it as any user. Not for use by several threads at once.
 */
public final class PrivateBus implements AutoCloseable {
    private static final int COMMAND_SECONDS_MAX = 60;
    private static final String CONFIGURATION = """
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
             "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <type>system</type>
              <auth>EXTERNAL</auth>
              <listen>unix:path=%1$s/socket</listen>
              <servicedir>%1$s/services</servicedir>
              <policy context="default">
                <allow user="*"/>
                <deny own="*"/>
                %2$s
                <allow send_type="signal"/>
                <allow send_requested_reply="true" send_type="method_return"/>
                <allow send_requested_reply="true" send_type="error"/>
                <allow receive_type="method_call"/>
                <allow receive_type="method_return"/>
                <allow receive_type="error"/>
                <allow receive_type="signal"/>
              </policy>
              <policy user="root">
                <allow own="*"/>
              </policy>
              <policy user="polkitd">
                <allow own="org.freedesktop.PolicyKit1"/>
              </policy>
              %3$s
            </busconfig>
            """;

    private final Path folder;
    private @Nullable Process daemon;

    /** What a program has printed, on both outputs, without white space at the end. */
    public record Output(int exit, String text) {}

    /** Starts a bus and waits until it listens. */
    public PrivateBus() {
        this("<allow send_type=\"method_call\"/>", "");
    }

    /**
     * Starts a bus on which a program may be called only if a file of these rules allows it, as on a system bus; polkit may.
     *
     * @param rules a folder of files {@code *.conf}
     */
    public static PrivateBus withRules(Path rules) {
        return new PrivateBus("""
                <deny send_type="method_call"/>
                <allow send_destination="org.freedesktop.DBus"/>
                <allow send_destination="org.freedesktop.PolicyKit1"/>
                """, "<includedir>" + rules.toAbsolutePath() + "</includedir>");
    }

    private PrivateBus(String calls, String rules) {
        try {
            folder = Files.createTempDirectory("bus-");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.createDirectory(folder.resolve("services"));
            Files.writeString(folder.resolve("bus.conf"), CONFIGURATION.formatted(folder, calls, rules));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    /** Starts the daemon, again or for the first time, and waits until it listens. */
    public void start() {
        try {
            Files.deleteIfExists(socket());
            daemon = new ProcessBuilder(
                            "dbus-daemon", "--nofork", "--nopidfile", "--config-file=" + folder + "/bus.conf")
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(folder.resolve("bus.log").toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start dbus-daemon; install dbus", e);
        }
        eventually(() -> {
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
                return channel.isConnected();
            }
        });
    }

    /** Kills the daemon, as a crash does; its socket stays behind. */
    public void kill() {
        end(daemon);
        daemon = null;
    }

    /** Returns the folder of the bus, which every user may enter. */
    public Path folder() {
        return folder;
    }

    /** Returns the socket. */
    public Path socket() {
        return folder.resolve("socket");
    }

    /** Returns where to connect. */
    public SocketAddress socketAddress() {
        return SocketAddress.domainSocketAddress(socket().toString());
    }

    /** Returns the address in the form of {@code DBUS_SYSTEM_BUS_ADDRESS}. */
    public String address() {
        return "unix:path=" + socket();
    }

    /** Makes the bus start a program when a name is called that no program owns, once its configuration is read again. */
    public void addService(String name, String command) {
        try {
            Files.writeString(
                    folder.resolve("services").resolve(name + ".service"),
                    "[D-BUS Service]\nName=" + name + "\nExec=" + command + "\nUser=root\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a program as a user, with this bus as its system bus, and returns what it printed. */
    public Output runAs(BusUser user, String... command) {
        try {
            Path output = Files.createTempFile(folder, "command", ".out");
            Process process = startAs(user, output, command);
            if (!process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)) {
                end(process);
                throw new IllegalStateException(List.of(command) + " did not end");
            }
            String text = Files.readString(output, StandardCharsets.UTF_8).strip();
            Files.delete(output);
            return new Output(process.exitValue(), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + List.of(command), e);
        }
    }

    /** Starts a program as a user, with this bus as its system bus. The test ends it. */
    public Process startAs(BusUser user, String... command) {
        return startAs(user, Path.of("/dev/null"), command);
    }

    /** The same, with what the program prints in a file. */
    public Process startAs(BusUser user, Path output, String... command) {
        ProcessBuilder builder = new ProcessBuilder(user.command(List.of(command)))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(output.toFile()));
        builder.environment().put("DBUS_SYSTEM_BUS_ADDRESS", address());
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + List.of(command) + "; install util-linux", e);
        }
    }

    /** Kills a program and waits for its end. */
    static void end(@Nullable Process process) {
        if (process != null) {
            process.destroyForcibly()
                    .onExit()
                    .orTimeout(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)
                    .join();
        }
    }

    @Override
    public void close() {
        kill();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
