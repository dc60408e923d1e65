// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.verify;

import java.nio.file.Path;
import java.util.Locale;
import org.opdbus.ledger.Printable;

/**
 * Something in a ledger that does not verify.
 *
 * @param verdict what kind of thing
 * @param height the first entry that is bad or missing; 0 if it is not about an entry
 * @param file where
 * @param offset the byte in the file at which that entry begins, or should begin
 * @param what what is wrong with it
 */
public record Finding(Verification.Verdict verdict, long height, Path file, long offset, String what) {
    /** One line for people. */
    @Override
    public String toString() {
        String where = height == 0 ? file.toString() : "entry " + height + ", " + file + ", byte " + offset;
        return Printable.of(verdict.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ": " + where + ": " + what);
    }
}
