// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How many files a program may have open (getrlimit(2), {@code RLIMIT_NOFILE}). Java raises its own soft limit to the hard
 * one, and children inherit that. A container started by this process would have it as long as it runs, and programs that
 * walk through all descriptors up to their limit, or use select(2), suffer from one that is far above the usual.
 */
final class OpenFilesLimit {
    /** The property by which the launcher hands on the soft limit from before Java has raised it. */
    static final String PROPERTY = "op-dbus.openFiles";

    private static final Pattern LIMIT = Pattern.compile("[0-9]{1,19}|unlimited");
    private static final String SET = "prlimit";

    private OpenFilesLimit() {}

    /**
     * Returns a command that runs with the soft limit with which this process was started: the same command if that is not
     * known, as when the launcher was not used.
     *
     * @param path the folders, separated by colons, that are searched for programs
     */
    static List<String> restore(List<String> command, String path) {
        return restore(command, path, System.getProperty(PROPERTY, ""));
    }

    /** A missing program is not wrapped, so that the error names it. */
    static List<String> restore(List<String> command, String path, String limit) {
        if (!LIMIT.matcher(limit).matches() || !OomScore.exists(command.get(0), path) || !OomScore.exists(SET, path)) {
            return command;
        }
        // Without a number after the colon the hard limit stays.
        List<String> wrapped = new ArrayList<>(List.of(SET, "--nofile=" + limit + ":", "--"));
        wrapped.addAll(command);
        return wrapped;
    }
}
