// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.write;

import java.nio.file.Path;
import java.util.Optional;
import org.opdbus.ledger.read.Adoption;

/**
 * What opening a ledger for writing found.
 *
 * @param entries how many entries it holds
 * @param entriesRead how many of them were read and checked; the checkpoint covers the tree before them
 * @param repair the torn last line that was dropped, if there was one
 * @param adoption the entries that no checkpoint covered, if there were any
 */
public record Opening(long entries, long entriesRead, Optional<Repair> repair, Optional<Adoption> adoption) {
    /**
     * A torn last line that was dropped. It was never acknowledged.
     *
     * @param file the segment
     * @param offset where in it the line began
     * @param bytes how many bytes were dropped
     * @param sha256 of those bytes, in hex
     */
    public record Repair(Path file, long offset, int bytes, String sha256) {}
}
