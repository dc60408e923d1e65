// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.Optional;
import org.opdbus.events.Port;
import org.opdbus.events.PortEvent;
import org.opdbus.events.PortEvent.BridgeAdded;
import org.opdbus.events.PortEvent.BridgeChanged;
import org.opdbus.events.PortEvent.BridgeRemoved;
import org.opdbus.events.PortEvent.PortAdded;
import org.opdbus.events.PortEvent.PortChanged;
import org.opdbus.events.PortEvent.PortRemoved;

/** Folds facts about Open vSwitch's bridges and ports into the view. */
final class PortFold {
    private final Indexes indexes;

    PortFold(Indexes indexes) {
        this.indexes = indexes;
    }

    Touched apply(PortEvent event) {
        Touched touched = new Touched();
        if (event instanceof BridgeAdded added) {
            indexes.bridges.put(added.bridge().name(), added.bridge());
            return touched.everythingOf(indexes.everyContainer());
        }
        if (event instanceof BridgeChanged changed) {
            indexes.bridges.remove(changed.before().name());
            indexes.bridges.put(changed.bridge().name(), changed.bridge());
            return touched.everythingOf(indexes.everyContainer());
        }
        if (event instanceof BridgeRemoved removed) {
            indexes.bridges.remove(removed.bridge().name());
            return touched.everythingOf(indexes.everyContainer());
        }
        if (event instanceof PortAdded added) {
            put(added.port(), touched);
        } else if (event instanceof PortChanged changed) {
            remove(changed.before(), touched);
            put(changed.port(), touched);
            if (!PortOwner.identityOf(changed.before()).equals(PortOwner.identityOf(changed.port()))) {
                touched.forEach((id, stale) -> stale.markLeftovers());
            }
        } else if (event instanceof PortRemoved removed) {
            remove(removed.port(), touched);
            touched.forEach((id, stale) -> stale.markLeftovers());
        }
        return touched;
    }

    private void put(Port port, Touched touched) {
        // A new row replaces one whose removal is reported later, or not at all.
        indexes.ports.named(port.name()).ifPresent(before -> remove(before, touched));
        indexes.ports.put(port);
        indexes.touchPort(port, touched);
    }

    private void remove(Port port, Touched touched) {
        Optional<Port> known = indexes.ports.named(port.name());
        if (known.filter(it -> it.uuid().equals(port.uuid())).isEmpty()) {
            // A row of the same name has replaced it already.
            indexes.touchPort(port, touched);
            return;
        }
        indexes.touchPort(known.get(), touched);
        indexes.ports.remove(port.name());
    }
}
