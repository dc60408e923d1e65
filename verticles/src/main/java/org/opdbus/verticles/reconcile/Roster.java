// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.events.ContainerId;

/** The enrolments that were recorded and have not ended. Confined to one thread. */
final class Roster {
    private final Map<ContainerId, Map<String, Enrollment>> open = new LinkedHashMap<>();
    private final Map<ContainerId, Map<Integer, String>> drift = new HashMap<>();
    private final Set<String> begunHere = new HashSet<>();

    Roster(Collection<Enrollment> recovered) {
        recovered.forEach(this::add);
    }

    void add(Enrollment enrollment) {
        open.computeIfAbsent(enrollment.container(), id -> new LinkedHashMap<>())
                .put(enrollment.id(), enrollment);
    }

    void remove(Enrollment enrollment) {
        open.computeIfPresent(enrollment.container(), (container, byId) -> {
            byId.remove(enrollment.id());
            begunHere.remove(enrollment.id());
            return byId.isEmpty() ? null : byId;
        });
    }

    /** Notes that this run of the agent began the enrolment, so that finding it is no recovery. */
    void began(String id) {
        begunHere.add(id);
    }

    boolean wasBegunHere(String id) {
        return begunHere.contains(id);
    }

    /** Notes the height of the entry that recorded an enrolment. */
    void recordedAt(ContainerId container, String id, long height) {
        open.getOrDefault(container, Map.of()).computeIfPresent(id, (key, enrollment) -> enrollment.at(height));
    }

    /** Notes that this drift of a link was told, so that it is told once. */
    void driftTold(ContainerId container, int index, String drift) {
        this.drift.computeIfAbsent(container, id -> new HashMap<>()).put(index, drift);
    }

    boolean isDriftTold(ContainerId container, int index, String drift) {
        return drift.equals(this.drift.getOrDefault(container, Map.of()).get(index));
    }

    /** Forgets what was told of this link: it is as it should be. */
    void calm(ContainerId container, int index) {
        drift.computeIfPresent(container, (id, byIndex) -> {
            byIndex.remove(index);
            return byIndex.isEmpty() ? null : byIndex;
        });
    }

    /** The enrolments of this container, in the order in which they were made. */
    List<Enrollment> of(ContainerId container) {
        return List.copyOf(open.getOrDefault(container, Map.of()).values());
    }

    /** The enrolment of this container's link, if there is one. */
    Optional<Enrollment> of(ContainerId container, int index) {
        return of(container).stream()
                .filter(enrollment -> enrollment.index() == index)
                .findFirst();
    }

    /** The containers that have one. */
    Collection<ContainerId> containers() {
        return List.copyOf(open.keySet());
    }
}
