// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

/**
 * How a program ended.
 *
 * @param exit its exit code; 128 and the signal's number if a signal ended it
 * @param stdout what it printed, secrets struck out; the beginning and the end if it was too much
 * @param stderr the same for its messages
 * @param truncated whether something is missing from either
 * @param timedOut whether it was ended because it took too long; the rest is what there was until then
 */
public record CommandResult(int exit, String stdout, String stderr, boolean truncated, boolean timedOut) {
    private static final int SHOWN_LENGTH_MAX = 2_000;

    /** Whether it came to its end by itself and said that all is well. */
    public boolean succeeded() {
        return exit == 0 && !timedOut;
    }

    /** What it said, for a message: its messages, else what it printed; the end of it if it is long. */
    public String said() {
        String text = (stderr.isBlank() ? stdout : stderr).strip();
        return text.length() <= SHOWN_LENGTH_MAX ? text : "… " + text.substring(text.length() - SHOWN_LENGTH_MAX);
    }
}
