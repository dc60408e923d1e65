// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.events.Link;

/**
 * The names of containers' links before they were renamed. A port with such a name may belong to the link: the name
 * was the only connection between the two, and the rename removed it. At most {@value #NAMES_MAX} names are kept for
 * a link, the latest ones, until the link vanishes. If several links had one name, it belongs to the one that had it last:
 * otherwise two links would claim the same port.
 */
final class FormerNames {
    private static final int NAMES_MAX = 8;

    private final Map<Integer, Set<String>> byIndex = new HashMap<>();

    /** The links that had a name, the one that gave it up last at the end. */
    private final Map<String, Set<Integer>> byName = new HashMap<>();

    /** Stores a change of a link's name. A name from before the link led into a container is ignored. */
    void renamed(Link before, Link now) {
        if (before.isVethIntoNamespace()) {
            add(now.index(), before.name().value());
        }
        remove(now.index(), now.name().value());
    }

    private void add(int index, String name) {
        Set<String> names = byIndex.computeIfAbsent(index, key -> new LinkedHashSet<>());
        names.remove(name);
        if (names.size() == NAMES_MAX) {
            remove(index, names.iterator().next());
        }
        byIndex.computeIfAbsent(index, key -> new LinkedHashSet<>()).add(name);
        byName.computeIfAbsent(name, key -> new LinkedHashSet<>()).add(index);
    }

    private void remove(int index, String name) {
        byIndex.computeIfPresent(index, (key, names) -> {
            names.remove(name);
            return names.isEmpty() ? null : names;
        });
        byName.computeIfPresent(name, (key, indexes) -> {
            indexes.remove(index);
            return indexes.isEmpty() ? null : indexes;
        });
    }

    /** The link has vanished. */
    void forget(int index) {
        of(index).forEach(name -> remove(index, name));
    }

    /** Returns the former names of a link, the earliest first. */
    List<String> of(int index) {
        return new ArrayList<>(byIndex.getOrDefault(index, Set.of()));
    }

    /** Returns the link that had this name last, of those that have another name now. */
    Optional<Integer> lastBearerOf(String name) {
        return bearersOf(name).stream().reduce((earlier, later) -> later);
    }

    /** Returns the links that had this name and have another one now. */
    Set<Integer> bearersOf(String name) {
        return byName.getOrDefault(name, Set.of());
    }
}
