// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.opdbus.agent.PeerTail.Line;
import org.opdbus.ledger.Entry;

/** Compares the entries that one host received from another with what that one has written. */
final class ReplicationCheck {
    private final WireHost listener;
    private final WireHost sender;
    private final List<Line> told;

    /** Creates a comparison of the present state. */
    ReplicationCheck(WireHost listener, WireHost sender) {
        this.listener = listener;
        this.sender = sender;
        told = listener.tail.lines().stream()
                .filter(line -> line.host().equals(sender.name) && line.isEntry())
                .toList();
    }

    /** Fails if an entry was published twice or out of order, or left out, or is another one in the sender's ledger. */
    void check() {
        checkOrder();
        checkLedger();
    }

    /**
     * Each run goes on where the one before ended. Only after an agent was killed the next run may repeat something,
     * because a host saves its position every few seconds.
     */
    private void checkOrder() {
        Line before = null;
        for (Line line : told) {
            if (before != null && line.height() != before.height() + 1) {
                boolean mayRepeat = line.run() > before.run()
                        && listener.killed().contains(before.run())
                        && line.height() <= before.height();
                if (!mayRepeat) {
                    throw new AssertionError(listener + " was told of " + sender + " " + line + " after " + before);
                }
            }
            before = line;
        }
    }

    private void checkLedger() {
        Map<Long, String> written = new TreeMap<>();
        for (Entry entry : sender.agent().ledger()) {
            written.put(entry.height(), entry.kind() + " " + entry.subject());
        }
        Map<Long, String> heard = new TreeMap<>();
        told.forEach(line -> heard.put(line.height(), line.what()));
        assertThat(heard)
                .as("what %s was told of %s, and what that one wrote", listener, sender)
                .isEqualTo(written);
    }
}
