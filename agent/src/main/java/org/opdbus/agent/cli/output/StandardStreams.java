// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.output;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The streams for results and messages.
 *
 * @param out standard output, which, unlike {@link System#out}, reports why a write failed
 * @param outIsPipe whether a program reads the results, which may end before it has read all of
 * them
 * @param outIsTerminal whether a person reads the results
 * @param err standard error
 * @param errIsTerminal whether a person reads the messages
 */
public record StandardStreams(
        OutputStream out, boolean outIsPipe, boolean outIsTerminal, OutputStream err, boolean errIsTerminal) {
    /** Returns the streams of this process. */
    public static StandardStreams ofProcess() {
        String out = target(1);
        String err = target(2);
        return new StandardStreams(
                new FileOutputStream(FileDescriptor.out),
                out.startsWith("pipe:") || out.startsWith("socket:"),
                isTerminal(out),
                new FileOutputStream(FileDescriptor.err),
                isTerminal(err));
    }

    private static boolean isTerminal(String target) {
        return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
    }

    /**
     * Returns what a descriptor of this process refers to (proc(5), /proc/pid/fd); empty if that
     * cannot be read.
     */
    private static String target(int descriptor) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
        } catch (IOException e) {
            return "";
        }
    }
}
