// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How tests start {@code op-dbus}. The property {@code op-dbus.program} of the build names the launcher of the
 * distribution that it has just made, with an archive of its classes. Without the property, tests use Java with the
 * test's own class path, which takes three times as long to start.
 */
final class BuiltProgram {
    private static final Optional<String> LAUNCHER = Optional.ofNullable(System.getProperty("op-dbus.program"));
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    private BuiltProgram() {}

    /** Returns the words of a command line with these arguments. */
    static List<String> words(String... arguments) {
        List<String> words = new ArrayList<>(LAUNCHER.map(List::of)
                .orElseGet(() -> List.of(
                        JAVA,
                        "-XX:+UseSerialGC",
                        "-Xmx96m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.opdbus.agent.Main")));
        words.addAll(List.of(arguments));
        return words;
    }

    /** Returns the folder of the distribution; empty if tests use the class path. */
    static Optional<Path> home() {
        return LAUNCHER.map(launcher -> Path.of(launcher).resolve("../..").normalize());
    }

    /** Returns the words that run a class of the tests on the same libraries, from the same archive. */
    static List<String> words(List<String> options, String mainClass, String... arguments) {
        List<String> words = new ArrayList<>(List.of(JAVA, "-XX:+UseSerialGC", "-Xmx96m", "-XX:TieredStopAtLevel=1"));
        words.addAll(options);
        String classPath = System.getProperty("java.class.path");
        if (home().isPresent()) {
            Path home = home().get();
            // The archive contains these libraries in this order; others may follow.
            words.addAll(List.of(
                    "-XX:SharedArchiveFile=" + home.resolve("cache/run.jsa"),
                    "-Xlog:cds*=off",
                    "-Xlog:class+path=off"));
            classPath = home.resolve("lib") + "/*" + File.pathSeparator + classPath;
        }
        words.addAll(List.of("-cp", classPath, mainClass));
        words.addAll(List.of(arguments));
        return words;
    }

    /**
     * Returns the variables for its environment. Otherwise it would find the Java of the build, which runs in another
     * laboratory.
     */
    static Map<String, String> environment() {
        return Map.of("OP_DBUS_JAVA", JAVA);
    }
}
