// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import org.opdbus.events.ClusterEvent.Contradiction;
import org.opdbus.events.ClusterEvent.LedgerForked;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.VerifierKey;

/** A contradiction between two checkpoints in words. */
final class Forks {
    private Forks() {}

    static LedgerForked fact(String host, Contradiction reason, Checkpoint older, Checkpoint newer, VerifierKey key) {
        String message = switch (reason) {
            case SHORTER -> "its ledger had " + older.size() + " entries and now has " + newer.size();
            case OTHER_ENTRIES -> "its ledger of " + older.size() + " entries is another one than before";
            case NOT_CONTINUED ->
                "its ledger of " + newer.size() + " entries is not proved to go on from the " + older.size()
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
                message,
                "was " + host + " restored from a copy, or its ledger replaced? If nobody did that, take the host off"
                        + " the network and keep its files; the older checkpoint is evidence of what it had");
    }
}
