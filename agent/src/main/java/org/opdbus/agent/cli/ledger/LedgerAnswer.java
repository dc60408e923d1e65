// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import java.io.PrintWriter;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.ledger.LedgerException;

/**
 * The exit status of a command on a ledger. Damage and a proof that does not hold are answers, so the exit status is 1; for
 * every other refusal of the ledger it is 2. When the reader of the output has gone, the command ends quietly.
 */
final class LedgerAnswer {
    private LedgerAnswer() {}

    /** What a command does; it returns the exit status. */
    interface Work {
        int run(ResultStream out) throws InterruptedException;
    }

    /** Does the work, writes what it printed, and returns the exit status. */
    static int of(ResultStream out, PrintWriter err, Work work) {
        try {
            return runAndFlush(out, err, work);
        } catch (ResultStream.ReaderGoneException e) {
            return ExitStatus.DONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotRunException("interrupted", e);
        }
    }

    private static int runAndFlush(ResultStream out, PrintWriter err, Work work) throws InterruptedException {
        try {
            int status = work.run(out);
            out.flush();
            return status;
        } catch (LedgerException e) {
            // Findings from before the failure remain valid.
            out.flush();
            if (e.reason() != LedgerException.Reason.DAMAGED && e.reason() != LedgerException.Reason.BAD_PROOF) {
                throw e;
            }
            err.println("op-dbus: " + e.getMessage());
            return ExitStatus.NO;
        }
    }
}
