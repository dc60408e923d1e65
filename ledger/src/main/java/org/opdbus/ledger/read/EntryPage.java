// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.read;

import java.util.List;
import java.util.OptionalLong;
import org.opdbus.ledger.Entry;

/**
 * Some of the entries that a filter accepts, in the order in which they were read.
 *
 * @param entries the entries; there can be none although there are more
 * @param next the height after or before which the next page begins; empty if there is no other page
 */
public record EntryPage(List<Entry> entries, OptionalLong next) {
    public EntryPage {
        entries = List.copyOf(entries);
    }

    /**
     * How much one page may cost.
     *
     * @param entries how many entries it has at most
     * @param readBytes after so many bytes of lines it ends, even if no entry was accepted
     * @param answerBytes after so many bytes of accepted lines it ends
     */
    public record Limits(int entries, long readBytes, long answerBytes) {
        public Limits {
            if (entries < 1 || readBytes < 1 || answerBytes < 1) {
                throw new IllegalArgumentException("a page's limits must be at least 1");
            }
        }
    }
}
