// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.output;

/** The exit statuses of every command; {@code --help} explains them. */
public final class ExitStatus {
    /** The command is done, or the answer is yes. */
    public static final int DONE = 0;
    /** The command ran, but the answer is no or a part failed. */
    public static final int NO = 1;
    /** The command could not run: wrong usage, a bad file, no access. */
    public static final int CANNOT_RUN = 2;

    private ExitStatus() {}
}
