// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The open enrolments of one container by id and by link, in the order in which they were made. */
final class ContainerEnrollments {
    private final Map<String, Enrollment> byId = new LinkedHashMap<>();
    /** The ids by the link's index. */
    private final Map<Integer, Set<String>> byLink = new HashMap<>();

    void put(Enrollment enrollment) {
        Enrollment before = byId.put(enrollment.id(), enrollment);
        if (before != null) {
            forgetLink(before);
        }
        byLink.computeIfAbsent(enrollment.index(), index -> new LinkedHashSet<>())
                .add(enrollment.id());
    }

    void remove(String id) {
        Enrollment removed = byId.remove(id);
        if (removed != null) {
            forgetLink(removed);
        }
    }

    private void forgetLink(Enrollment enrollment) {
        byLink.computeIfPresent(enrollment.index(), (index, ids) -> {
            ids.remove(enrollment.id());
            return ids.isEmpty() ? null : ids;
        });
    }

    /** Stores the height of the entry that recorded an enrolment; returns its link's index if it is open. */
    Optional<Integer> recordedAt(String id, long height) {
        return Optional.ofNullable(byId.computeIfPresent(id, (key, enrollment) -> enrollment.at(height)))
                .map(Enrollment::index);
    }

    Optional<Enrollment> of(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    Optional<Enrollment> of(int index) {
        return byLink.getOrDefault(index, Set.of()).stream().findFirst().map(byId::get);
    }

    List<Enrollment> all() {
        return List.copyOf(byId.values());
    }

    boolean isEmpty() {
        return byId.isEmpty();
    }
}
