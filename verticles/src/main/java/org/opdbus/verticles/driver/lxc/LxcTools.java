// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.lxc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.driver.Command;
import org.opdbus.verticles.driver.CommandResult;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.driver.DriverException.Reason;
import org.opdbus.verticles.kernel.RegularFile;

/** The programs of LXC, always called with the folder of containers. Each call waits for the program. */
final class LxcTools {
    private static final Duration ASK_LIMIT = Duration.ofSeconds(20);
    private static final String START_LOG = "op-dbus-start.log";
    private static final int LOG_LENGTH_MAX = 2_000;
    private static final int CONFIG_BYTES_MAX = 1_048_576;

    private final CommandRunner runner;
    private final Path lxcPath;

    LxcTools(CommandRunner runner, Path lxcPath) {
        this.runner = runner;
        this.lxcPath = lxcPath;
    }

    Path folder(ContainerId id) {
        return lxcPath.resolve(id.value());
    }

    Path config(ContainerId id) {
        return folder(id).resolve("config");
    }

    /** Returns its configuration; fails if it is not a regular file or larger than any configuration. */
    LxcConfigText read(ContainerId id) throws IOException {
        try (RegularFile file = RegularFile.open(config(id))) {
            return LxcConfigText.of(file.read(CONFIG_BYTES_MAX));
        }
    }

    /** Returns the folder of the container's files according to this configuration. */
    Path rootfs(ContainerId id, LxcConfigText config) throws IOException {
        String path = config.value(LxcSettings.ROOTFS)
                .orElse(folder(id).resolve("rootfs").toString());
        try {
            return Path.of(path.startsWith("dir:") ? path.substring("dir:".length()) : path);
        } catch (InvalidPathException unusable) {
            throw new FileSystemException(config(id).toString(), null, "its lxc.rootfs.path is not a path");
        }
    }

    /** Returns whether there is such a container; one that is being created does not count. */
    boolean isDefined(ContainerId id) {
        return Files.isRegularFile(config(id)) && !CreationMark.isIn(folder(id));
    }

    void requireDefined(ContainerId id) throws DriverException {
        if (!isDefined(id)) {
            throw new DriverException(
                    Reason.NO_SUCH_CONTAINER,
                    "there is no container " + id + " in " + lxcPath,
                    "lxc-ls -P " + lxcPath + " lists the containers that exist");
        }
    }

    boolean isRunning(ContainerId id) throws DriverException, InterruptedException {
        CommandResult result = run(id, ASK_LIMIT, "lxc-info", List.of("-s", "-H"));
        if (!result.succeeded()) {
            throw failed("the state of container " + id + " is unknown", result);
        }
        return !result.stdout().strip().equals("STOPPED");
    }

    /** Returns the process id of its init; empty if it does not run. */
    Optional<Long> initPid(ContainerId id) throws DriverException, InterruptedException {
        if (!isRunning(id)) {
            return Optional.empty();
        }
        CommandResult result = run(id, ASK_LIMIT, "lxc-info", List.of("-p", "-H"));
        String pid = result.stdout().strip();
        return pid.matches("[1-9][0-9]{0,9}") ? Optional.of(Long.parseLong(pid)) : Optional.empty();
    }

    /** Returns the process that creates this container now; any program may have started it. */
    Optional<Long> creatorOf(ContainerId id) {
        List<String> words = arguments("lxc-create", id);
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .map(Arrays::asList)
                        .filter(arguments -> arguments.containsAll(words.subList(1, words.size())))
                        .isPresent())
                .map(ProcessHandle::pid)
                .findFirst();
    }

    void create(ContainerId id, Duration limit, List<String> arguments) throws DriverException, InterruptedException {
        CommandResult result = run(id, limit, "lxc-create", arguments);
        if (!result.succeeded()) {
            throw failed("container " + id + " was not created", result);
        }
    }

    void start(ContainerId id, Duration limit) throws DriverException, InterruptedException {
        start(id, limit, List.of());
    }

    /** Starts it with more options of lxc-start(1). */
    void start(ContainerId id, Duration limit, List<String> more) throws DriverException, InterruptedException {
        Path log = folder(id).resolve(START_LOG);
        try {
            Files.deleteIfExists(log);
        } catch (IOException e) {
            throw new DriverException(Reason.FILE, "the log " + log + " cannot be begun anew: " + e, "", e);
        }
        List<String> options = new ArrayList<>(List.of("-d", "--logfile=" + log, "--logpriority=ERROR"));
        options.addAll(more);
        CommandResult result = run(id, limit, "lxc-start", options);
        if (!result.succeeded()) {
            // The log has the reason; the program's own output says only that there is one.
            String said = tail(log).isBlank() ? result.stderr() : tail(log);
            throw failed(
                    "container " + id + " was not started",
                    new CommandResult(result.exit(), "", said, result.truncated(), result.timedOut()));
        }
    }

    /** Asks it to stop, forces it after the time of grace, and waits until its links are gone too. */
    void stop(ContainerId id, Duration grace, Duration limit) throws DriverException, InterruptedException {
        // A timeout of 0 would mean not to wait after asking.
        String how = grace.toSeconds() < 1 ? "--kill" : "--timeout=" + grace.toSeconds();
        CommandResult result = run(id, limit.plus(grace), "lxc-stop", List.of(how));
        CommandResult stopped = run(
                id,
                limit.plus(limit),
                "lxc-wait",
                List.of("--state=STOPPED", "--timeout=" + (result.succeeded() ? limit.toSeconds() : 0)));
        if (!stopped.succeeded()) {
            throw failed("container " + id + " was not stopped", result.succeeded() ? stopped : result);
        }
    }

    void destroy(ContainerId id, Duration limit) throws DriverException, InterruptedException {
        CommandResult result = run(id, limit, "lxc-destroy", List.of());
        if (!result.succeeded()) {
            throw failed("container " + id + " was not destroyed", result);
        }
    }

    CommandResult attach(ContainerId id, Command command) throws DriverException, InterruptedException {
        List<String> arguments = new ArrayList<>(arguments("lxc-attach", id));
        arguments.add("--clear-env");
        arguments.add("--");
        arguments.addAll(command.arguments());
        return runner.runNow(command.with(arguments));
    }

    /** Sets a limit of a running container; returns whether the kernel accepted it. */
    boolean limit(ContainerId id, String file, String value) throws DriverException, InterruptedException {
        return run(id, ASK_LIMIT, "lxc-cgroup", List.of(file, value)).succeeded();
    }

    private CommandResult run(ContainerId id, Duration limit, String program, List<String> more)
            throws DriverException, InterruptedException {
        List<String> arguments = new ArrayList<>(arguments(program, id));
        arguments.addAll(more);
        return runner.runNow(Command.of(limit, arguments));
    }

    private List<String> arguments(String program, ContainerId id) {
        // With = in between, a name that begins with a dash is not read as an option.
        return List.of(program, "--name=" + id, "--lxcpath=" + lxcPath);
    }

    private static DriverException failed(String what, CommandResult result) {
        if (result.timedOut()) {
            return new DriverException(
                    Reason.TIMED_OUT,
                    what + " in time, and everything that it began was ended; its last output: " + result.said(),
                    "see what it waited for, and try again");
        }
        return new DriverException(Reason.REFUSED, what + " (exit code " + result.exit() + "): " + result.said(), "");
    }

    private static String fileEnd(Path log) throws IOException {
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
            ByteBuffer end = ByteBuffer.allocate(LOG_LENGTH_MAX);
            channel.position(Math.max(0, channel.size() - LOG_LENGTH_MAX));
            while (end.hasRemaining() && channel.read(end) > 0) {
                // The next read returns what this one did not.
            }
            return new String(end.array(), 0, end.position(), StandardCharsets.UTF_8);
        }
    }

    private static String tail(Path log) {
        try {
            return fileEnd(log);
        } catch (IOException none) {
            return "";
        }
    }
}
