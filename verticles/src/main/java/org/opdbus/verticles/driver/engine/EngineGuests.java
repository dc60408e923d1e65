// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.engine;

import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.driver.Command;
import org.opdbus.verticles.driver.CommandResult;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.driver.DriverException.Reason;
import org.opdbus.verticles.driver.GuestAccess;

/**
 * Runs programs inside containers of an engine with {@code docker exec} (docker-exec(1)) or {@code podman exec}. A container of an
 * engine has the environment of its image. The kernel gives the program the capabilities of the container.
 */
public final class EngineGuests implements GuestAccess {
    private static final Duration ASK_LIMIT = Duration.ofSeconds(30);
    /** What both commands print about a container that they do not know. */
    private static final String UNKNOWN = "no such";

    private final CommandRunner runner;
    private final String program;
    private final List<String> connection;

    private EngineGuests(CommandRunner runner, String program, List<String> connection) {
        this.runner = runner;
        this.program = program;
        this.connection = connection;
    }

    /** Creates the access to containers of the Docker with this socket. */
    public static EngineGuests docker(CommandRunner runner, String socket) {
        return new EngineGuests(runner, "docker", List.of("--host", "unix://" + socket));
    }

    /** Creates the access to containers of the Podman with this socket. */
    public static EngineGuests podman(CommandRunner runner, String socket) {
        return new EngineGuests(runner, "podman", List.of("--remote", "--url", "unix://" + socket));
    }

    @Override
    public Single<CommandResult> exec(ContainerId id, Command command) {
        List<String> words = new ArrayList<>(List.of("exec", "--interactive", id.own()));
        words.addAll(command.arguments());
        return runner.submit(() -> runner.runNow(command.with(arguments(words))));
    }

    @Override
    public Single<Boolean> exists(ContainerId id) {
        return runner.submit(() -> {
            CommandResult asked = runner.runNow(
                    Command.of(ASK_LIMIT, arguments(List.of("container", "inspect", "--format", "{{.Id}}", id.own()))));
            if (asked.succeeded()) {
                return true;
            }
            if (asked.stderr().toLowerCase(Locale.ROOT).contains(UNKNOWN)) {
                return false;
            }
            throw new DriverException(
                    Reason.REFUSED,
                    program + " does not say whether there is a container " + id.own() + ": "
                            + asked.stderr().strip(),
                    "see its log");
        });
    }

    private List<String> arguments(List<String> words) throws DriverException {
        if (!CommandRunner.isInstalled(program)) {
            throw new DriverException(
                    Reason.NO_TOOL, program + " is not on this host", "install the command-line client of the engine");
        }
        List<String> arguments = new ArrayList<>(List.of(program));
        arguments.addAll(connection);
        arguments.addAll(words);
        return arguments;
    }
}
