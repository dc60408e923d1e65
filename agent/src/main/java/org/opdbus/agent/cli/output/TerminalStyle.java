// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.output;

import java.util.Map;
import org.opdbus.verticles.kernel.TerminalSize;

/**
 * How a terminal shows lines.
 *
 * @param width how many characters a line has
 * @param hasColors whether colors are wanted
 */
public record TerminalStyle(int width, boolean hasColors) {
    private static final int STANDARD_OUTPUT = 1;
    private static final int WIDTH_MIN = 40;
    private static final int WIDTH_DEFAULT = 100;
    private static final String RESET = "\033[0m";

    /** What a piece of text is, by which its color is chosen (ECMA-48, SGR). */
    public enum Color {
        PLAIN(""),
        STRONG("\033[1m"),
        FAINT("\033[2m"),
        OURS("\033[32m"),
        OTHERS("\033[36m"),
        WARNING("\033[33m");

        private final String start;

        Color(String start) {
            this.start = start;
        }
    }

    /** Returns the style of standard output, which is a terminal. Colors follow https://no-color.org. */
    public static TerminalStyle ofStandardOutput() {
        int columns = TerminalSize.columns(STANDARD_OUTPUT).orElse(WIDTH_DEFAULT);
        return new TerminalStyle(Math.max(columns, WIDTH_MIN), wantsColors(System.getenv()));
    }

    /** Returns whether colors are wanted in this environment. */
    static boolean wantsColors(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty()
                && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    /** Returns the text in this color; the text must not contain characters that control a terminal. */
    public String painted(String text, Color color) {
        return hasColors && !color.start.isEmpty() ? color.start + text + RESET : text;
    }
}
