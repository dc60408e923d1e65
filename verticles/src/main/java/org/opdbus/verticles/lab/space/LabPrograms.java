// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.space;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.opdbus.verticles.driver.Command;
import org.opdbus.verticles.driver.CommandResult;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.lab.definition.LabRefusal;

/** Runs the programs that make and remove a lab, each with a limit; only on a thread of the runner. */
final class LabPrograms {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Path OWN_MOUNTS = Path.of("/proc/self/ns/mnt");
    private static final Path HOST_MOUNTS = Path.of("/proc/1/ns/mnt");

    private final CommandRunner runner;

    LabPrograms(CommandRunner runner) {
        this.runner = runner;
    }

    /** Refuses with the name of the package if one is missing that every lab needs. */
    void requireInstalled() {
        require("ip", "iproute2");
        require("nsenter", "util-linux");
        for (String program : List.of("ovsdb-server", "ovs-vswitchd", "ovsdb-tool", "ovs-vsctl")) {
            require(program, "openvswitch-switch");
        }
    }

    private static void require(String program, String holder) {
        if (!CommandRunner.isInstalled(program)) {
            throw new LabRefusal("a lab needs " + program + ", which is not on this host", "apt-get install " + holder);
        }
    }

    /** Runs a program; fails with what it said. */
    void run(List<String> command) throws InterruptedException {
        CommandResult result = attempt(command);
        if (!result.succeeded()) {
            String said = result.timedOut() ? "it did not end within " + LIMIT.toSeconds() + " s" : result.said();
            throw new LabRefusal("\"" + String.join(" ", command) + "\" failed: " + said, remedy(said));
        }
    }

    /** Runs a program; returns how it ended. */
    CommandResult attempt(List<String> command) throws InterruptedException {
        try {
            return runner.runNow(Command.of(LIMIT, command));
        } catch (DriverException failure) {
            throw new LabRefusal(failure.getMessage(), "try again, or look at the log of op-dbus");
        }
    }

    /**
     * Returns {@code ip netns} with these arguments, run where the mounts of the host are: the agent can have mounts of its own (a
     * sandbox of systemd), in which a new namespace would be visible to the agent alone.
     */
    List<String> ipNetns(String... arguments) {
        List<String> command = new ArrayList<>();
        try {
            if (!Files.readSymbolicLink(OWN_MOUNTS).equals(Files.readSymbolicLink(HOST_MOUNTS))) {
                command.addAll(List.of("nsenter", "--mount=" + HOST_MOUNTS, "--"));
            }
        } catch (IOException withoutRights) {
            // Then the program fails, and says why.
        }
        command.addAll(List.of("ip", "netns"));
        command.addAll(List.of(arguments));
        return command;
    }

    private static String remedy(String said) {
        return said.contains("ermitted") || said.contains("ermission")
                ? "a lab needs CAP_SYS_ADMIN and CAP_NET_ADMIN: run op-dbus as root"
                : "";
    }
}
