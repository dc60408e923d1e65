// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.output;

import java.io.PrintWriter;
import org.opdbus.ledger.LedgerException;

/** What a command prints if it fails. */
public final class FailureText {
    private FailureText() {}

    /**
     * Prints the error of a command in one line and returns the exit status. Any other exception is a defect and is
     * printed in full.
     *
     * @param command the command as the user calls it, such as {@code op-dbus query}
     */
    public static int tell(Exception failure, String command, PrintWriter err) {
        int status = ExitStatus.CANNOT_RUN;
        if (failure instanceof UsageException) {
            tellUsage(String.valueOf(failure.getMessage()), command, err);
        } else if (failure instanceof CannotRunException || failure instanceof LedgerException) {
            err.println("op-dbus: " + failure.getMessage());
        } else {
            failure.printStackTrace(err);
            status = ExitStatus.NO;
        }
        err.flush();
        return status;
    }

    /**
     * Prints what is wrong with the usage and where to read more. It does not print the whole help, which would hide
     * the error.
     */
    private static void tellUsage(String message, String command, PrintWriter err) {
        err.println("op-dbus: " + message);
        err.println("Try \"" + command + " --help\".");
    }
}
