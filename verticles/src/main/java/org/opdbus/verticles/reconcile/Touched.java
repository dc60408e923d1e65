// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.opdbus.events.ContainerId;

/** The containers that a fact concerns, and what of each. */
final class Touched {
    private final Map<ContainerId, Stale> containers = new HashMap<>();

    /** What is known of this container. */
    Stale of(ContainerId id) {
        return containers.computeIfAbsent(id, key -> new Stale());
    }

    /** Everything of these. */
    Touched everythingOf(Collection<ContainerId> ids) {
        ids.forEach(id -> of(id).markEverything());
        return this;
    }

    /** The containers. */
    Set<ContainerId> ids() {
        return containers.keySet();
    }

    void forEach(BiConsumer<ContainerId, Stale> action) {
        containers.forEach(action);
    }
}
