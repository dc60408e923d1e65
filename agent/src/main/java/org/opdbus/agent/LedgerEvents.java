// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import org.jspecify.annotations.Nullable;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.LedgerDegraded;
import org.opdbus.events.LedgerEvent.LedgerRecovered;
import org.opdbus.ledger.LedgerListener;
import org.opdbus.verticles.bus.Bus;

/** Puts on the bus what the ledger says of itself. The ledger is opened before there is a bus to say it on. */
final class LedgerEvents implements LedgerListener {
    private volatile @Nullable Bus bus;

    void publishTo(Bus opened) {
        bus = opened;
    }

    @Override
    public void degraded(String reason) {
        publish(new LedgerDegraded(reason));
    }

    @Override
    public void recovered(long lost) {
        publish(new LedgerRecovered(lost));
    }

    private void publish(Event fact) {
        Bus opened = bus;
        if (opened != null) {
            opened.publish(fact);
        }
    }
}
