// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

/**
 * How a program ended.
 *
 * @param exit its exit code; 128 and the signal's number if a signal ended it
 * @param stdout its output, without secrets; the beginning and the end if it was too long
 * @param stderr the same for its messages
 * @param truncated whether something is missing from either
 * @param timedOut whether it was ended because it took too long; the rest is the output until then
 */
public record CommandResult(int exit, String stdout, String stderr, boolean truncated, boolean timedOut) {
    private static final int SHOWN_LENGTH_MAX = 2_000;

    /** Returns whether it ended by itself with exit code 0. */
    public boolean succeeded() {
        return exit == 0 && !timedOut;
    }

    /** Returns its output for a message: its messages, otherwise its results; the end of them if they are long. */
    public String said() {
        String text = (stderr.isBlank() ? stdout : stderr).strip();
        return text.length() <= SHOWN_LENGTH_MAX ? text : "… " + text.substring(text.length() - SHOWN_LENGTH_MAX);
    }
}
