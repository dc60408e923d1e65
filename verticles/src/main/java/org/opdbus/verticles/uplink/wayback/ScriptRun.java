// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.kernel.ProcessStat;

/** Starts the script of the way back in a session of its own, so that it outlives this process and its terminal. */
final class ScriptRun {
    private ScriptRun() {}

    /** Runs it, and waits for it so long at most; a script that takes longer goes on. */
    static void of(Path script, String cause, Duration waitMax) throws IOException {
        Process process = start(script, List.of(cause));
        try {
            process.waitFor(waitMax.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            // The script goes on; the caller looks at the journal.
            Thread.currentThread().interrupt();
        }
    }

    /** Starts it so that it waits, and then tries until it is finished; returns its process as the journal has it. */
    static String detached(Path script, Duration after, String cause) throws IOException {
        Process process = start(script, List.of("--after", Long.toString(after.toSeconds()), cause));
        long pid = process.pid();
        String started = ProcessStat.of(pid)
                .filter(ProcessStat::isAlive)
                .map(ProcessStat::started)
                .orElseThrow(() -> new IOException("the script " + script + " ended at once"));
        return pid + " " + started;
    }

    private static Process start(Path script, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("setsid", "sh", script.toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(
                        Redirect.appendTo(script.resolveSibling("output").toFile()));
        builder.environment().clear();
        builder.environment().putAll(CommandRunner.ENVIRONMENT);
        return builder.start();
    }
}
