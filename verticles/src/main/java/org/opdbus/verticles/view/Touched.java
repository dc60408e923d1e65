// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.opdbus.events.ContainerId;

/** The containers that a fact concerns, which parts of each, and the names whose owner has changed. */
public final class Touched {
    private final Set<String> names = new HashSet<>();
    private final Map<ContainerId, Stale> containers = new HashMap<>();

    /** What is known of this container. */
    public Stale of(ContainerId id) {
        return containers.computeIfAbsent(id, key -> new Stale());
    }

    /** Everything of these containers. */
    public Touched everythingOf(Collection<ContainerId> ids) {
        ids.forEach(id -> of(id).markEverything());
        return this;
    }

    void name(String name) {
        names.add(name);
    }

    /** Returns the names of links and ports, present or former, that the fact concerns. */
    public Set<String> names() {
        return names;
    }

    /** The containers. */
    public Set<ContainerId> ids() {
        return containers.keySet();
    }

    public void forEach(BiConsumer<ContainerId, Stale> action) {
        containers.forEach(action);
    }
}
