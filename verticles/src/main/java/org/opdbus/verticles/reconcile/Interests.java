// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.view.Touched;

/**
 * Which containers' plans depend on which link names: when the owner of a name changes, these containers are checked
 * again.
 */
final class Interests {
    private final Map<String, Set<ContainerId>> byName = new HashMap<>();

    /** Sets the names on which the plan of a container depends. */
    void replace(ContainerId id, Set<String> before, Set<String> now) {
        if (before.equals(now)) {
            return;
        }
        before.forEach(name -> byName.computeIfPresent(name, (key, ids) -> {
            ids.remove(id);
            return ids.isEmpty() ? null : ids;
        }));
        now.forEach(name -> byName.computeIfAbsent(name, key -> new HashSet<>()).add(id));
    }

    /** Adds the containers whose plans depend on a name whose owner has changed. */
    void addTo(Touched touched) {
        touched.names()
                .forEach(name -> byName.getOrDefault(name, Set.of())
                        .forEach(id -> touched.of(id).markName(name)));
    }
}
