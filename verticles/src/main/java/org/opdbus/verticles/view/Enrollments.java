// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.opdbus.events.ContainerId;

/** The enrolments that were recorded and have not ended. Confined to one thread. */
public final class Enrollments {
    private final Map<ContainerId, OpenEnrollments> open = new LinkedHashMap<>();
    private final Map<ContainerId, Notes> notes = new HashMap<>();

    /** The open enrolments of a container, in the order in which they were made. */
    private static final class OpenEnrollments {
        final Map<String, Enrollment> byId = new LinkedHashMap<>();
        /** The ids by the link's index. */
        final Map<Integer, Set<String>> byLink = new HashMap<>();

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

        Optional<Enrollment> of(int index) {
            return byLink.getOrDefault(index, Set.of()).stream().findFirst().map(byId::get);
        }
    }

    /** What this run of the agent remembers of a container until it stops. */
    private static final class Notes {
        /** The enrolments that this run began or has seen standing. */
        final Set<String> known = new HashSet<>();
        /** The enrolment that was begun for a link, by the link's index. */
        final Map<Integer, String> begun = new HashMap<>();
        /** The drift that was told of a link, by the link's index. */
        final Map<Integer, String> drift = new HashMap<>();
    }

    public Enrollments(Collection<Enrollment> recovered) {
        recovered.forEach(this::add);
    }

    public void add(Enrollment enrollment) {
        open.computeIfAbsent(enrollment.container(), id -> new OpenEnrollments())
                .put(enrollment);
    }

    public void remove(Enrollment enrollment) {
        open.computeIfPresent(enrollment.container(), (container, enrollments) -> {
            enrollments.remove(enrollment.id());
            return enrollments.byId.isEmpty() ? null : enrollments;
        });
    }

    /**
     * The id of the enrolment that this run begins for a link. An attempt that is made again has the same id, because
     * nobody knows of one whose answer was lost whether it was carried out.
     */
    public String begin(ContainerId container, int index) {
        Notes noted = notesOf(container);
        String begun = noted.begun.get(index);
        if (begun == null || isOpen(container, begun)) {
            begun = UUID.randomUUID().toString();
            noted.begun.put(index, begun);
        }
        noted.known.add(begun);
        return begun;
    }

    /** Whether this run of the agent began the enrolment or has seen it stand, so that finding it is no recovery. */
    public boolean isKnown(ContainerId container, String id) {
        return Optional.ofNullable(notes.get(container))
                .filter(noted -> noted.known.contains(id))
                .isPresent();
    }

    /** Notes the height of the entry that recorded an enrolment; gives its link's index if it is still open. */
    public Optional<Integer> recordedAt(ContainerId container, String id, long height) {
        // The entry may be on disk only after the enrolment has ended.
        return Optional.ofNullable(open.get(container))
                .map(enrollments -> enrollments.byId.computeIfPresent(id, (key, enrollment) -> enrollment.at(height)))
                .map(Enrollment::index);
    }

    private boolean isOpen(ContainerId container, String id) {
        OpenEnrollments enrollments = open.get(container);
        return enrollments != null && enrollments.byId.containsKey(id);
    }

    /** Notes that this drift of a link was told, so that it is told once. */
    public void driftTold(ContainerId container, int index, String drift) {
        notesOf(container).drift.put(index, drift);
    }

    public boolean isDriftTold(ContainerId container, int index, String drift) {
        return Optional.ofNullable(notes.get(container))
                .filter(noted -> drift.equals(noted.drift.get(index)))
                .isPresent();
    }

    /** A link is as it should be: forgets what was told of it. */
    public void calm(ContainerId container, int index) {
        of(container, index).ifPresent(enrollment -> {
            Notes noted = notesOf(container);
            noted.drift.remove(index);
            noted.known.add(enrollment.id());
        });
    }

    /** Forgets what this run noted of a container's enrolment that has ended. */
    public void forget(ContainerId container, String id) {
        notes.computeIfPresent(container, (key, noted) -> {
            noted.known.remove(id);
            noted.begun.values().remove(id);
            return noted.known.isEmpty() ? null : noted;
        });
    }

    /** Forgets what this run noted of a container that has stopped, unless an enrolment of it is still open. */
    public void forget(ContainerId container) {
        if (!open.containsKey(container)) {
            notes.remove(container);
        }
    }

    private Notes notesOf(ContainerId container) {
        return notes.computeIfAbsent(container, id -> new Notes());
    }

    /** The enrolments of this container, in the order in which they were made. */
    public List<Enrollment> of(ContainerId container) {
        OpenEnrollments enrollments = open.get(container);
        return enrollments == null ? List.of() : List.copyOf(enrollments.byId.values());
    }

    /** The enrolment of this container's link, if there is one. */
    public Optional<Enrollment> of(ContainerId container, int index) {
        return Optional.ofNullable(open.get(container)).flatMap(enrollments -> enrollments.of(index));
    }

    /** The containers that have one. */
    public Collection<ContainerId> containers() {
        return List.copyOf(open.keySet());
    }
}
