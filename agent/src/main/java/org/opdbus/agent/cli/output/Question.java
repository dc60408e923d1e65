// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.output;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.opdbus.agent.log.VisibleText;

/** Asks the user at the terminal. */
public final class Question {
    private static final Path STANDARD_INPUT = Path.of("/proc/self/fd/0");

    private Question() {}

    /**
     * Waits for the answer; any answer but yes is no.
     *
     * @param instead the option that answers the question without a terminal
     * @throws CannotRunException if standard input is no terminal
     */
    public static boolean isAnsweredYes(PrintWriter to, String question, String instead) {
        if (!isTerminal()) {
            throw new CannotRunException(
                    "cannot ask \"" + question + "\" without a terminal; give " + instead + " if the answer is yes");
        }
        to.print(VisibleText.line(question) + " [y/N] ");
        to.flush();
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            String answer = Optional.ofNullable(line).orElse("").strip().toLowerCase(Locale.ROOT);
            return answer.equals("y") || answer.equals("yes");
        } catch (IOException e) {
            throw new CannotRunException("the answer could not be read: " + e.getMessage(), e);
        }
    }

    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(STANDARD_INPUT).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
