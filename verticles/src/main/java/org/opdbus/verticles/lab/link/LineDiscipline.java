// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.link;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.driver.Command;
import org.opdbus.verticles.driver.CommandResult;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.lab.definition.LabMachine.A2b;
import org.opdbus.verticles.lab.definition.LabRefusal;

/**
 * The queueing discipline of a line, set by tc(8): tc-netem(8) if frames are delayed or lost, tc-tbf(8) if only the rate is limited.
 * What waits in it is bounded.
 */
final class LineDiscipline {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int FRAMES_MAX = 10_000;

    private final CommandRunner runner;

    LineDiscipline(CommandRunner runner) {
        this.runner = runner;
    }

    /** Refuses if the program is missing that a line like this needs. */
    static void require(A2b line) {
        if (!isPlain(line) && !CommandRunner.isInstalled("tc")) {
            throw new LabRefusal(
                    "a line that delays, loses or limits needs tc, which is not on this host",
                    "apt-get install iproute2");
        }
    }

    private static boolean isPlain(A2b line) {
        return line.delayMs() == 0 && line.lossPer10000() == 0 && line.rateKbit() == 0;
    }

    /** Gives a link of the lab's namespace the discipline of a line; only on a thread of the runner. */
    void set(Path namespaceFile, LinkName link, A2b line) throws InterruptedException, DriverException {
        List<String> command = new ArrayList<>(List.of("nsenter", "--net=" + namespaceFile, "--", "tc", "qdisc"));
        if (isPlain(line)) {
            if (CommandRunner.isInstalled("tc")) {
                command.addAll(List.of("del", "dev", link.value(), "root"));
                // A link without a discipline of its own answers with an error.
                CommandResult unused = runner.runNow(Command.of(LIMIT, command));
            }
            return;
        }
        command.addAll(List.of("replace", "dev", link.value(), "root"));
        command.addAll(arguments(line));
        CommandResult result = runner.runNow(Command.of(LIMIT, command));
        if (!result.succeeded()) {
            throw refusal(result.said());
        }
    }

    /** Returns the arguments of tc(8) that describe the line. */
    static List<String> arguments(A2b line) {
        if (line.delayMs() == 0 && line.lossPer10000() == 0) {
            // The burst is what the rate carries in 10 ms, but at least some whole frames.
            long burst = Math.max(16_384, line.rateKbit() * 1_000 / 8 / 100);
            return List.of("tbf", "rate", line.rateKbit() + "kbit", "burst", Long.toString(burst), "latency", "400ms");
        }
        List<String> arguments = new ArrayList<>(List.of("netem", "limit", Integer.toString(FRAMES_MAX)));
        if (line.delayMs() > 0) {
            arguments.addAll(List.of("delay", line.delayMs() + "ms"));
        }
        if (line.lossPer10000() > 0) {
            arguments.addAll(List.of("loss", String.format(Locale.ROOT, "%.2f%%", line.lossPer10000() / 100.0)));
        }
        if (line.rateKbit() > 0) {
            arguments.addAll(List.of("rate", line.rateKbit() + "kbit"));
        }
        return List.copyOf(arguments);
    }

    private static LabRefusal refusal(String said) {
        return said.contains("kind is unknown")
                ? new LabRefusal(
                        "the kernel of this host cannot delay or lose frames (it has no netem)",
                        "modprobe sch_netem, or use a line without delay and loss")
                : new LabRefusal("tc refused the line: " + said, "");
    }
}
