// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.commit;

import org.jspecify.annotations.Nullable;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.LedgerDegraded;
import org.opdbus.events.LedgerEvent.LedgerRecovered;
import org.opdbus.ledger.LedgerListener;
import org.opdbus.verticles.bus.Bus;

/** Publishes the state changes of the ledger on the bus. The ledger is opened before the bus exists. */
public final class LedgerEvents implements LedgerListener {
    private volatile @Nullable Bus bus;

    public void publishTo(Bus opened) {
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
