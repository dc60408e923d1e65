// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.link;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.opdbus.verticles.lab.line.LinesProgram;

/** The command that starts the program of a lab's lines: the Java and the classes of this process, with little memory. */
final class LineProgramCommand {
    /** The queues of all lines take half of it at most; the other half is for a queue that grows. */
    private static final String QUEUES = "-XX:MaxDirectMemorySize=512m";

    private static final int WARNS_ABOUT_NATIVE_CALLS = 22;
    private static final int WARNS_ABOUT_UNSAFE = 24;

    private LineProgramCommand() {}

    /** Returns the words of the command. */
    static List<String> of(Path folder) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                // Otherwise each thread keeps freed memory for itself.
                "MALLOC_ARENA_MAX=2",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xms4m",
                "-Xmx24m",
                QUEUES,
                "-XX:+ExitOnOutOfMemoryError"));
        int version = Runtime.version().feature();
        if (version >= WARNS_ABOUT_NATIVE_CALLS) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        if (version >= WARNS_ABOUT_UNSAFE) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(
                List.of("-cp", System.getProperty("java.class.path"), LinesProgram.class.getName(), folder.toString()));
        return command;
    }
}
