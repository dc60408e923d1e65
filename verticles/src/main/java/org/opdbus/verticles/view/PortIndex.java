// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Port;

/** The ports of this host by name, and those with our marks by container. Each row's PortOwner is parsed once. */
final class PortIndex {
    private final String owner;
    private final Map<String, Marked> byName = new HashMap<>();
    private final Map<ContainerId, Map<Integer, Set<String>>> ours = new HashMap<>();

    private record Marked(Port port, Optional<PortOwner> marks) {}

    PortIndex(String owner) {
        this.owner = owner;
    }

    void put(Port port) {
        remove(port.name());
        Optional<PortOwner> marks = PortOwner.of(port, owner);
        byName.put(port.name(), new Marked(port, marks));
        marks.ifPresent(of -> ours.computeIfAbsent(of.container(), id -> new HashMap<>())
                .computeIfAbsent(of.link(), link -> new TreeSet<>())
                .add(port.name()));
    }

    void remove(String name) {
        Marked known = byName.remove(name);
        if (known != null) {
            known.marks()
                    .ifPresent(of -> ours.computeIfPresent(of.container(), (id, links) -> {
                        links.computeIfPresent(of.link(), (link, names) -> {
                            names.remove(name);
                            return names.isEmpty() ? null : names;
                        });
                        return links.isEmpty() ? null : links;
                    }));
        }
    }

    Optional<Port> named(String name) {
        return Optional.ofNullable(byName.get(name)).map(Marked::port);
    }

    /** Returns our marks on this port, if it has them. */
    Optional<PortOwner> marksOf(Port port) {
        Marked known = byName.get(port.name());
        return known != null && known.port().equals(port) ? known.marks() : PortOwner.of(port, owner);
    }

    /** Returns the ports that have our marks for this container, by name. */
    List<Port> of(ContainerId container) {
        return ours.getOrDefault(container, Map.of()).values().stream()
                .flatMap(Collection::stream)
                .map(byName::get)
                .filter(Objects::nonNull)
                .map(Marked::port)
                .sorted(Comparator.comparing(Port::name))
                .toList();
    }

    /** Returns the ports that have our marks for this link of the container, by name. */
    List<Port> of(ContainerId container, int link) {
        return ours.getOrDefault(container, Map.of()).getOrDefault(link, Set.of()).stream()
                .map(byName::get)
                .filter(Objects::nonNull)
                .map(Marked::port)
                .toList();
    }

    /** Returns the containers that have such ports. */
    Set<ContainerId> containers() {
        return ours.keySet();
    }
}
