// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.line;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The program that moves the frames of all lines of a lab. The agent starts it in the lab's namespace; it does what the files of a
 * folder say, and ends when that folder is gone. It needs nothing of the agent, which may end and start again meanwhile.
 */
public final class LinesProgram {
    private static final FileOutputStream OUTPUT = new FileOutputStream(FileDescriptor.err);

    private LinesProgram() {}

    /**
     * Runs until the folder is gone.
     *
     * @param arguments the folder
     */
    public static void main(String[] arguments) {
        try {
            new LineWatch(Path.of(arguments[0]), LinesProgram::log).run();
        } catch (IOException e) {
            log("the lines of this lab end: " + e.getMessage());
            System.exit(1);
        }
    }

    private static void log(String line) {
        byte[] bytes = (line.replaceAll("\\p{Cntrl}", " ") + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            OUTPUT.write(bytes);
        } catch (IOException e) {
            // The log cannot be written, and there is no other place for this.
        }
    }
}
