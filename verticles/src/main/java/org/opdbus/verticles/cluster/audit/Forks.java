// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.audit;

import org.opdbus.events.ClusterEvent.Contradiction;
import org.opdbus.events.ClusterEvent.LedgerForked;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.VerifierKey;

/** Describes a contradiction between two checkpoints in words. */
final class Forks {
    private static final int WORD_LENGTH_MAX = 300;

    private Forks() {}

    static LedgerForked fact(
            String host, Contradiction reason, Checkpoint older, Checkpoint newer, VerifierKey key, String word) {
        String message = switch (reason) {
            case SHORTER -> "its ledger had " + older.size() + " entries and now has " + newer.size();
            case OTHER_ENTRIES -> "its ledger of " + older.size() + " entries differs from the one before";
            case NOT_CONTINUED ->
                "its ledger of " + newer.size() + " entries is not proved to continue the " + older.size()
                        + " that it had";
            case OTHER_KEY -> "another key signs its ledger";
        };
        return new LedgerForked(
                host,
                reason,
                older.size(),
                newer.size(),
                older.note(),
                newer.note(),
                key.toString(),
                word.isEmpty() ? message : message + "; it says: " + printable(word),
                "was " + host + " restored from a copy, or its ledger replaced? If not, take the "
                        + "host off the network and keep its files; the older checkpoint is "
                        + "evidence of what it had");
    }

    /** What another host says about itself ends in logs and in the ledger, so it is kept short and plain. */
    private static String printable(String word) {
        String plain = word.replaceAll("[^\\x20-\\x7e]", "?");
        return plain.substring(0, Math.min(plain.length(), WORD_LENGTH_MAX));
    }
}
