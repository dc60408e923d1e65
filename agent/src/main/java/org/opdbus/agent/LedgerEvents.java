// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.LedgerDegraded;
import org.opdbus.events.LedgerEvent.LedgerRecovered;
import org.opdbus.ledger.LedgerListener;
import org.opdbus.verticles.bus.Bus;

/** Puts on the bus what the ledger says of itself. The ledger is opened before there is a bus to say it on. */
final class LedgerEvents implements LedgerListener {
    private final AtomicReference<Optional<Bus>> bus = new AtomicReference<>(Optional.empty());

    void publishTo(Bus opened) {
        bus.set(Optional.of(opened));
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
        bus.get().ifPresent(opened -> opened.publish(fact));
    }
}
