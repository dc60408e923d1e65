// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.opdbus.verticles.uplink.wayback.PendingMove.AlarmState;

/** A process that waits and then runs the script, for a host without systemd. It survives the agent, not a reboot or SIGKILL. */
final class ProcessAlarm implements Alarm {
    private static final String KIND = "process ";

    @Override
    public String arm(Path script, Duration after) throws IOException {
        String armed = KIND + ScriptRun.detached(script, after, NOT_CONFIRMED);
        if (process(armed).isEmpty()) {
            throw new IOException("the process that waits for the deadline ended at once");
        }
        return armed;
    }

    @Override
    public AlarmState state(String armed) {
        Optional<MoveHolder> process = process(armed);
        return process.isPresent()
                ? new AlarmState(true, "process " + process.get().pid() + " waits for the deadline")
                : new AlarmState(
                        false,
                        armed.isEmpty()
                                ? "the alarm was never armed"
                                : "the " + armed.strip() + " that waited for the deadline has ended");
    }

    @Override
    public void fire(String armed, Path script) throws IOException {
        disarm(armed);
        ScriptRun.detached(script, Duration.ZERO, "the way back was not finished");
    }

    @Override
    public void disarm(String armed) {
        process(armed).flatMap(process -> ProcessHandle.of(process.pid())).ifPresent(ProcessHandle::destroy);
    }

    private static Optional<MoveHolder> process(String armed) {
        String[] fields = armed.split(" ", -1);
        boolean isWhole = armed.startsWith(KIND) && fields.length == 3 && fields[1].matches("[0-9]{1,10}");
        return isWhole
                ? Optional.of(new MoveHolder(KIND, Long.parseLong(fields[1]), fields[2]))
                        .filter(MoveHolder::isAlive)
                : Optional.empty();
    }
}
