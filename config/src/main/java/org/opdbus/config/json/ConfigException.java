// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.json;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Says that a file cannot be used, with every problem in it. */
public final class ConfigException extends Exception {
    /** The kind of failure. */
    public enum Reason {
        /** The named file does not exist. */
        MISSING,
        /** The file exists but could not be read: permissions, a folder, too large. */
        UNREADABLE,
        /** The file is not JSON. */
        SYNTAX,
        /** The file is JSON, but some keys or values in it are wrong. */
        INVALID
    }

    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final transient List<Problem> problems;

    public ConfigException(Reason reason, Path file, List<Problem> problems) {
        super(message(file, problems));
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("a refusal of " + file + " needs a problem");
        }
        this.reason = reason;
        this.problems = List.copyOf(problems);
    }

    public ConfigException(Reason reason, Path file, String message) {
        this(reason, file, List.of(new Problem("", message)));
    }

    /** Returns the kind of failure. */
    public Reason reason() {
        return reason;
    }

    /** Returns every problem, at least one. */
    public List<Problem> problems() {
        return problems;
    }

    private static String message(Path file, List<Problem> problems) {
        if (problems.size() == 1) {
            return file + ": " + problems.get(0);
        }
        return problems.stream()
                .map(problem -> "\n  " + problem)
                .collect(Collectors.joining("", file + ": " + problems.size() + " problems", ""));
    }
}
