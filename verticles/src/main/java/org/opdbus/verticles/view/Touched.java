// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.opdbus.events.ContainerId;

/** The containers that a fact concerns, and what of each. */
public final class Touched {
    private final Map<ContainerId, Stale> containers = new HashMap<>();

    /** What is known of this container. */
    public Stale of(ContainerId id) {
        return containers.computeIfAbsent(id, key -> new Stale());
    }

    /** Everything of these. */
    public Touched everythingOf(Collection<ContainerId> ids) {
        ids.forEach(id -> of(id).markEverything());
        return this;
    }

    /** The containers. */
    public Set<ContainerId> ids() {
        return containers.keySet();
    }

    public void forEach(BiConsumer<ContainerId, Stale> action) {
        containers.forEach(action);
    }
}
