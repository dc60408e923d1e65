// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.line;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.verticles.kernel.RegularFile;

/**
 * The file {@code ID.answer}, by which the process of a lab's lines says that it obeys an order, or why it cannot.
 *
 * @param pid the number of the process, because the file of a process that was killed remains
 * @param token that of the order
 * @param problem is empty if the order is obeyed
 */
public record LineAnswer(long pid, String token, String problem) {
    private static final int PROBLEM_MAX = 512;
    private static final int BYTES_MAX = 4 * PROBLEM_MAX + 64;
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,10}) ([0-9a-f]{1,16}) ?([^\n]*)\n");

    public LineAnswer {
        problem = problem.substring(0, Math.min(PROBLEM_MAX, problem.length())).replaceAll("\\p{Cntrl}", " ");
    }

    /** Reads the answer for a line; empty if there is none. */
    public static Optional<LineAnswer> read(Path folder, int id) throws IOException {
        return RegularFile.readIfExists(file(folder, id), BYTES_MAX)
                .map(bytes -> TEXT.matcher(new String(bytes, StandardCharsets.UTF_8)))
                .filter(Matcher::matches)
                .map(text -> new LineAnswer(Long.parseLong(text.group(1)), text.group(2), text.group(3)));
    }

    /** Returns whether this is what a process says to an order. */
    public boolean isOf(long process, LineOrder order) {
        return pid == process && token.equals(order.token());
    }

    void write(Path folder, int id) throws IOException {
        LineOrder.replace(file(folder, id), pid + " " + token + " " + problem + "\n");
    }

    /** Removes an answer. */
    public static void remove(Path folder, int id) throws IOException {
        Files.deleteIfExists(file(folder, id));
    }

    private static Path file(Path folder, int id) {
        return folder.resolve(id + ".answer");
    }
}
