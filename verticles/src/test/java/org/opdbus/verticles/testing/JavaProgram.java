// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program of the tests that runs in a process of its own, so that it can be in another namespace, and so that a pause
 * of the test's Java is none of its. Who starts one ends it; a laboratory ends it at the latest.
 */
public final class JavaProgram {
    /** What a program prints as its first line as soon as it does what it is for. */
    public static final String READY = "ready";

    private JavaProgram() {}

    /** The words that run a class, with the classes that this test has, in a Java that starts soon and stays small. */
    public static List<String> command(Class<?> program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xshare:auto",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Starts one and waits until it is ready; what it complains of is shown with what the test says. */
    public static Process start(List<String> command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String first = process.inputReader(StandardCharsets.UTF_8).readLine();
            if (!READY.equals(first)) {
                process.destroyForcibly();
                throw new AssertionError("not ready, but said " + first + ": " + String.join(" ", command));
            }
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException("could not start " + String.join(" ", command), e);
        }
    }
}
