// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.verify;

import java.nio.file.Path;
import java.util.Locale;
import org.opdbus.ledger.Printable;

/**
 * Something in a ledger that does not verify.
 *
 * @param verdict its type
 * @param height the first entry that is bad or missing; 0 if it does not concern an entry
 * @param file the file
 * @param offset the byte in the file at which that entry begins, or should begin
 * @param what the error
 */
public record Finding(Verification.Verdict verdict, long height, Path file, long offset, String what) {
    /** Returns one line for people. */
    @Override
    public String toString() {
        String where = height == 0 ? file.toString() : "entry " + height + ", " + file + ", byte " + offset;
        return Printable.of(verdict.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + where + ": " + what);
    }
}
