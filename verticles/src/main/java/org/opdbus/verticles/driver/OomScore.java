// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How readily the kernel ends a process when memory is short (proc(5), {@code oom_score_adj}). A service manager may
 * have protected this process. Children inherit that, so a container started by this process would be protected as
 * long as it runs.
 */
final class OomScore {
    private static final Path OWN = Path.of("/proc/self/oom_score_adj");
    private static final String RESET = "choom";

    private OomScore() {}

    /**
     * Returns a command that runs as if its user had started it: the same command if this process is not protected.
     *
     * @param path the folders, separated by colons, that are searched for programs
     */
    static List<String> reset(List<String> command, String path) {
        return adjusted() ? reset(command, path, RESET) : command;
    }

    /** A missing program is not wrapped, so that the error names it. */
    static List<String> reset(List<String> command, String path, String tool) {
        if (!exists(command.get(0), path) || !exists(tool, path)) {
            return command;
        }
        List<String> wrapped = new ArrayList<>(List.of(tool, "-n", "0", "--"));
        wrapped.addAll(command);
        return wrapped;
    }

    private static boolean adjusted() {
        try {
            return !Files.readString(OWN).strip().equals("0");
        } catch (IOException e) {
            // A kernel without scores has none to inherit.
            return false;
        }
    }

    /** Returns whether a program is in one of the folders, which colons separate, or is the path of one. */
    static boolean exists(String program, String path) {
        if (program.contains("/")) {
            return Files.isExecutable(Path.of(program));
        }
        for (String folder : path.split(":", -1)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }
}
