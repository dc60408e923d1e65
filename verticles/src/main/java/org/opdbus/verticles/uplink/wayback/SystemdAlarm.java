// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.opdbus.verticles.driver.Command;
import org.opdbus.verticles.driver.CommandResult;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.uplink.wayback.PendingMove.AlarmState;

/** A transient timer of systemd (systemd-run(1)). A script that could not finish the way back is run again until it can. */
final class SystemdAlarm implements Alarm {
    private static final String UNIT = "op-dbus-uplink";
    private static final String ARMED = "systemd " + UNIT + ".timer";
    private static final String BOOT_UNIT = "op-dbus-uplink-boot.service";
    private static final Duration PROGRAM_MAX = Duration.ofSeconds(20);

    private final CommandRunner runner;

    SystemdAlarm(CommandRunner runner) {
        this.runner = runner;
    }

    @Override
    public String arm(Path script, Duration after) throws IOException {
        requireBootUnit(script);
        // What an earlier move left; the caller has made sure that none is pending.
        run("systemctl", "stop", UNIT + ".timer", UNIT + ".service");
        run("systemctl", "reset-failed", UNIT + ".timer", UNIT + ".service");
        require(run(
                "systemd-run",
                "--unit=" + UNIT,
                "--description=Takes the uplink back to where it was, unless the move is confirmed",
                "--on-active=" + after.toMillis() + "ms",
                "--timer-property=AccuracySec=100ms",
                "--property=Type=exec",
                "--property=Restart=on-failure",
                "--property=RestartSec=5s",
                "--property=KillMode=process",
                "/bin/sh",
                script.toString(),
                NOT_CONFIRMED));
        AlarmState state = state(ARMED);
        if (!state.isArmed()) {
            throw new IOException(state.text());
        }
        return ARMED;
    }

    /** The timer does not outlive a reboot. The unit names the folder that the agent has unless it is configured to have another. */
    private void requireBootUnit(Path script) throws IOException {
        CommandResult unit = run("systemctl", "cat", BOOT_UNIT);
        if (!unit.succeeded() || !unit.stdout().contains(" " + script + " ")) {
            throw new IOException(BOOT_UNIT + ", which takes the way back when the host boots, "
                    + (unit.succeeded()
                            ? "does not run " + script
                                    + "; name it in ConditionPathExists= and ExecStart=: systemctl edit " + BOOT_UNIT
                            : "is not installed; install op-dbus by its package or by deploy/install.sh"));
        }
    }

    @Override
    public AlarmState state(String armed) {
        try {
            if (is(UNIT + ".timer", "active")) {
                return new AlarmState(true, UNIT + ".timer of systemd waits for the deadline");
            }
            // Between two attempts it is "activating".
            if (is(UNIT + ".service", "active") || is(UNIT + ".service", "activating")) {
                return new AlarmState(true, UNIT + ".service of systemd takes the way back now");
            }
            return new AlarmState(false, UNIT + ".timer of systemd does not wait for the deadline");
        } catch (IOException failure) {
            return new AlarmState(false, "systemd cannot be asked about the alarm: " + failure.getMessage());
        }
    }

    @Override
    public void fire(String armed, Path script) throws IOException {
        // The service exists only while its timer does.
        if (!run("systemctl", "start", "--no-block", UNIT + ".service").succeeded()) {
            ScriptRun.detached(script, Duration.ZERO, "the way back was not finished");
        }
    }

    @Override
    public void disarm(String armed) throws IOException {
        if (!armed.isEmpty() && is(UNIT + ".timer", "active")) {
            require(run("systemctl", "stop", UNIT + ".timer"));
        }
    }

    private boolean is(String unit, String state) throws IOException {
        CommandResult result = run("systemctl", "show", "--property=ActiveState", "--value", unit);
        require(result);
        return result.stdout().strip().equals(state);
    }

    private static void require(CommandResult result) throws IOException {
        if (!result.succeeded()) {
            throw new IOException(result.timedOut() ? "systemd did not answer" : result.said());
        }
    }

    private CommandResult run(String... arguments) throws IOException {
        try {
            return runner.run(Command.of(PROGRAM_MAX, new ArrayList<>(List.of(arguments))))
                    .blockingGet();
        } catch (RuntimeException failure) {
            throw new IOException(failure.getMessage(), failure);
        }
    }
}
