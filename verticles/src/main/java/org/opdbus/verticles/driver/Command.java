// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A program to run.
 *
 * @param arguments the program and its arguments, passed unchanged, without a shell
 * @param stdin its input, at most {@value #STDIN_LENGTH_MAX} characters; use it to pass a secret. Absent: no input
 * @param limit the time limit; afterwards it is ended with everything that it started
 * @param secrets the texts that are removed from its output
 */
public record Command(List<String> arguments, Optional<String> stdin, Duration limit, List<String> secrets) {
    /** The largest input of a program: less than a pipe holds, so that writing never waits for a reader. */
    public static final int STDIN_LENGTH_MAX = 16_384;

    public Command {
        arguments = List.copyOf(arguments);
        secrets = List.copyOf(secrets);
        if (arguments.isEmpty() || arguments.get(0).isEmpty()) {
            throw new IllegalArgumentException("a command needs a program");
        }
        if (arguments.stream().anyMatch(argument -> argument.indexOf('\0') >= 0)) {
            throw new IllegalArgumentException("an argument of " + arguments.get(0) + " has a zero in it");
        }
        if (stdin.isPresent() && stdin.get().length() > STDIN_LENGTH_MAX) {
            throw new IllegalArgumentException("more than " + STDIN_LENGTH_MAX + " characters for " + arguments.get(0));
        }
        if (limit.isNegative() || limit.isZero()) {
            throw new IllegalArgumentException("the limit of " + arguments.get(0) + " must be positive");
        }
    }

    /** Creates a command without input and secrets. */
    public static Command of(Duration limit, List<String> arguments) {
        return new Command(arguments, Optional.empty(), limit, List.of());
    }

    /** Returns the same command with other arguments. */
    public Command with(List<String> otherArguments) {
        return new Command(otherArguments, stdin, limit, secrets);
    }

    /** Returns the program and its arguments for a message; never its input. */
    @Override
    public String toString() {
        return Redaction.of(secrets).strike(String.join(" ", arguments));
    }
}
