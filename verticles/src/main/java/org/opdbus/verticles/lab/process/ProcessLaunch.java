// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.process;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.opdbus.verticles.driver.CommandRunner;

/**
 * Starts a process of a lab so that it never runs without a record. A shell begins it and waits for a word on its input. The agent
 * writes the record, and then the word. If the agent is killed before that, the input ends, and so does the shell. All programs
 * between the shell and the wanted one replace themselves (execve(2)), so the process keeps its number and its time of start.
 */
final class ProcessLaunch {
    /** Is there if systemd is the init (sd_booted(3)). */
    private static final Path SYSTEMD = Path.of("/run/systemd/system");

    static final String WAIT_FOR_WORD = "read -r word && exec \"$@\" </dev/null";

    private final Path folder;
    private final Path namespace;

    /**
     * Creates it for a lab.
     *
     * @param folder the lab's folder, for the record and the log
     * @param namespace the file to which the lab's namespace is bound
     */
    ProcessLaunch(Path folder, Path namespace) {
        this.folder = folder;
        this.namespace = namespace;
    }

    /** Returns the log of a process; the process appends to it, so it can be truncated at any time. */
    static Path log(Path folder, String role) {
        return folder.resolve(role + ".log");
    }

    /** Starts it; returns its record, which is written. */
    ProcessRecord start(String unit, String role, List<String> command) throws IOException {
        Path log = log(folder, role);
        Files.deleteIfExists(log);
        ProcessBuilder builder = new ProcessBuilder(chain(unit, command))
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().putAll(CommandRunner.ENVIRONMENT);
        Process process = builder.start();
        try (OutputStream word = process.getOutputStream()) {
            ProcessRecord record = ProcessRecord.of(process.pid());
            record.write(folder, role);
            word.write("run\n".getBytes(StandardCharsets.US_ASCII));
            return record;
        }
    }

    private List<String> chain(String unit, List<String> command) {
        // The shell is no leader of a process group, so setsid(1) makes a session without a new process.
        List<String> chain = new ArrayList<>(List.of("sh", "-c", WAIT_FOR_WORD, "op-dbus-lab", "setsid"));
        if (Files.isDirectory(SYSTEMD, LinkOption.NOFOLLOW_LINKS) && CommandRunner.isInstalled("systemd-run")) {
            // A scope that has just ended can keep its name for a moment, so each start has a name of its own.
            String number = Integer.toHexString(ThreadLocalRandom.current().nextInt());
            chain.addAll(List.of("systemd-run", "--scope", "--quiet", "--collect"));
            chain.addAll(List.of("--unit=" + unit + "-" + number, "--"));
        }
        chain.addAll(List.of("nsenter", "--net=" + namespace, "--"));
        chain.addAll(CommandRunner.asByItsUser(command));
        return chain;
    }
}
