// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.pct;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.driver.Command;
import org.opdbus.verticles.driver.CommandResult;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.driver.DriverException.Reason;

/** Proxmox's {@code pct}: how to call it, and the meaning of its messages. Each call waits for the program. */
final class PctTool {
    private static final Duration ASK_LIMIT = Duration.ofSeconds(30);
    private static final Pattern VMID = Pattern.compile("[1-9][0-9]{2,8}");

    private final CommandRunner runner;
    private final String program;

    PctTool(CommandRunner runner, String program) {
        this.runner = runner;
        this.program = program;
    }

    static boolean isVmid(ContainerId id) {
        return VMID.matcher(id.value()).matches();
    }

    static void requireVmid(ContainerId id) throws DriverException {
        if (!isVmid(id)) {
            throw new DriverException(
                    Reason.INVALID,
                    "no Proxmox container can be called \"" + id + "\": its id is a number of 100 to 999999999",
                    "use a number; a name can be its hostname");
        }
    }

    /** Runs {@code pct VERB VMID ARGUMENTS}, which must succeed. */
    CommandResult run(Duration limit, String verb, ContainerId id, List<String> arguments)
            throws DriverException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program, verb, id.value()));
        command.addAll(arguments);
        CommandResult result = runner.runNow(Command.of(limit, command));
        if (!result.succeeded()) {
            throw failure(verb, id, result);
        }
        return result;
    }

    boolean isRunning(ContainerId id) throws DriverException, InterruptedException {
        return run(ASK_LIMIT, "status", id, List.of()).stdout().contains("status: running");
    }

    CommandResult exec(ContainerId id, Command command) throws DriverException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(program, "exec", id.value(), "--"));
        // pct passes its own environment on; the command inside the container must have one of its
        // own.
        arguments.addAll(List.of("env", "-i", "PATH=" + CommandRunner.ENVIRONMENT.get("PATH"), "HOME=/root"));
        arguments.addAll(command.arguments());
        return runner.runNow(command.with(arguments));
    }

    private static DriverException failure(String verb, ContainerId id, CommandResult result) {
        String what = "pct " + verb + " " + id;
        String said = result.said();
        if (result.timedOut()) {
            return new DriverException(
                    Reason.TIMED_OUT,
                    what + " took too long, and was ended with everything that it had begun; its " + "last output: "
                            + said,
                    verb.equals("create")
                            ? "pct config " + id + " shows whether a part is left, and pct "
                                    + "destroy " + id
                                    + " removes it"
                            : "see the task log of Proxmox for what it waited for");
        }
        String message = what + " failed (exit code " + result.exit() + "): " + said;
        if (said.contains("already exists on node") || said.contains("already taken")) {
            return new DriverException(Reason.ALREADY_EXISTS, message, "choose another id, or destroy that one first");
        }
        if (said.contains("Configuration file") && said.contains("does not exist")) {
            return new DriverException(Reason.NO_SUCH_CONTAINER, message, "pct list shows the containers of this node");
        }
        if (said.contains("CT is locked") || said.contains("can't lock file")) {
            return new DriverException(
                    Reason.LOCKED,
                    message,
                    "wait for the backup, migration or snapshot that has the lock; pct unlock " + id
                            + " only if none is in progress");
        }
        if (said.contains("is running") || said.contains("not running")) {
            return new DriverException(Reason.WRONG_STATE, message, "");
        }
        return new DriverException(Reason.REFUSED, message, "");
    }
}
