// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.events.Link;

/** The links of this host by their search keys. The cost of a change does not depend on their number. */
final class LinkIndex {
    private final Map<Integer, Link> byIndex = new HashMap<>();
    private final Map<String, Integer> byName = new HashMap<>();
    private final Map<Integer, Set<Integer>> byNamespace = new HashMap<>();

    void put(Link link) {
        remove(link.index());
        byIndex.put(link.index(), link);
        byName.put(link.name().value(), link.index());
        link.altNames().forEach(name -> byName.put(name, link.index()));
        if (link.isVethIntoNamespace()) {
            byNamespace
                    .computeIfAbsent(link.peerNamespace(), id -> new HashSet<>())
                    .add(link.index());
        }
    }

    /** Removes a link, and returns its last known state. */
    Optional<Link> remove(int index) {
        Link link = byIndex.remove(index);
        if (link == null) {
            return Optional.empty();
        }
        byName.remove(link.name().value(), index);
        link.altNames().forEach(name -> byName.remove(name, index));
        byNamespace.computeIfPresent(link.peerNamespace(), (id, indexes) -> {
            indexes.remove(index);
            return indexes.isEmpty() ? null : indexes;
        });
        return Optional.of(link);
    }

    Optional<Link> of(int index) {
        return Optional.ofNullable(byIndex.get(index));
    }

    /** Returns the link with this name, its own or an alternative one. */
    Optional<Link> named(String name) {
        return Optional.ofNullable(byName.get(name)).map(byIndex::get);
    }

    /** Returns the veths whose other end is in this namespace, in the order of their other ends. */
    List<Link> into(int namespace) {
        List<Link> into = new ArrayList<>();
        for (int index : byNamespace.getOrDefault(namespace, Set.of())) {
            Link link = byIndex.get(index);
            if (link != null) {
                into.add(link);
            }
        }
        into.sort(Comparator.comparingInt(Link::peerIndex).thenComparingInt(Link::index));
        return into;
    }
}
