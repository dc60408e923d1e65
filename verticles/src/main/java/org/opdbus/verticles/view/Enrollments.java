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
import org.opdbus.events.AnswerEvent.EnrollmentSettled;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.EnrollmentEvent.ContainerLeft;
import org.opdbus.events.EnrollmentEvent.DriftSeen;
import org.opdbus.events.EnrollmentEvent.EnrollmentLost;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;

/**
 * The recorded enrolments that have not ended, folded from the facts on the bus. Only {@link HostView#apply} changes them.
 * Confined to one thread.
 */
public final class Enrollments {
    /** Replaces the index of the link if an enrolment was never recorded. */
    private static final int NO_LINK = 0;

    private static final int ENDED_MAX = 4_096;

    private final EnrollmentIds ids;
    private final Map<ContainerId, ContainerEnrollments> open = new LinkedHashMap<>();
    private final Map<ContainerId, Notes> notes = new HashMap<>();

    /**
     * The enrolments of this host that have ended, the latest {@value #ENDED_MAX}. An older copy of the database can bring
     * back the port of an enrolment long after its container has stopped.
     */
    private final Set<String> ended = new LinkedHashSet<>();

    /** The notes of this run of the agent about a container, kept until the container stops. */
    private static final class Notes {
        /** The enrolments of earlier runs whose ports this run has found in place. */
        final Set<String> seen = new HashSet<>();
        /** The number of enrolments that have begun or ended, by the link's index. */
        final Map<Integer, Long> generations = new HashMap<>();
        /** The drift that the agent has published, by the port's name. */
        final Map<String, String> drift = new HashMap<>();
    }

    /**
     * Starts with the enrolments that an earlier run left open.
     *
     * @param run a random number that distinguishes this run of the agent from all others
     */
    Enrollments(long run, Collection<Enrollment> recovered) {
        ids = new EnrollmentIds(run);
        recovered.forEach(this::put);
    }

    /** Folds in a fact and returns the links that it concerns. */
    Touched apply(Event event) {
        if (event instanceof ContainerEnrolled enrolled) {
            return enrolled(enrolled);
        }
        if (event instanceof EnrollmentLost lost) {
            return ended(lost.container(), lost.enrollment());
        }
        if (event instanceof ContainerLeft left) {
            return ended(left.container(), left.enrollment());
        }
        if (event instanceof DriftSeen drift) {
            notesOf(drift.container()).drift.put(drift.port(), drift.what() + drift.after());
            return everyLink(drift.container());
        }
        if (event instanceof EnrollmentSettled settled) {
            return settled(settled);
        }
        if (event instanceof EntryCommitted committed && committed.fact() instanceof ContainerEnrolled enrolled) {
            return recordedAt(enrolled.container(), enrolled.enrollment(), committed.height());
        }
        return new Touched();
    }

    private Touched enrolled(ContainerEnrolled fact) {
        of(fact.container(), fact.index()).ifPresent(before -> end(before.container(), before.id()));
        ended.remove(fact.enrollment());
        put(Enrollment.of(fact));
        nextGeneration(fact.container(), fact.index());
        return link(fact.container(), fact.index());
    }

    private void put(Enrollment enrollment) {
        open.computeIfAbsent(enrollment.container(), id -> new ContainerEnrollments())
                .put(enrollment);
    }

    private void end(ContainerId container, String id) {
        remove(container, id);
        ended.remove(id);
        ended.add(id);
        if (ended.size() > ENDED_MAX) {
            ended.remove(ended.iterator().next());
        }
    }

    private void remove(ContainerId container, String id) {
        open.computeIfPresent(container, (key, enrollments) -> {
            enrollments.remove(id);
            return enrollments.isEmpty() ? null : enrollments;
        });
    }

    private Touched ended(ContainerId container, String id) {
        Optional<Enrollment> before = Optional.ofNullable(open.get(container)).flatMap(all -> all.of(id));
        end(container, id);
        Touched touched = new Touched();
        // An enrolment that was never recorded has no link here. The next enrolment of any link still gets another id.
        int index = before.map(Enrollment::index).orElse(NO_LINK);
        nextGeneration(container, index);
        touched.of(container).markLink(index);
        touched.of(container).markLeftovers();
        return touched;
    }

    private Touched settled(EnrollmentSettled settled) {
        Optional<Enrollment> standing =
                Optional.ofNullable(open.get(settled.container())).flatMap(all -> all.of(settled.enrollment()));
        Touched touched = new Touched();
        standing.ifPresent(enrollment -> {
            Notes noted = notesOf(enrollment.container());
            noted.seen.add(enrollment.id());
            if (noted.drift.remove(enrollment.port()) != null) {
                // The plan may depend on this drift. A link of the container's earlier run can have an enrolment of the
                // same port.
                of(enrollment.container()).stream()
                        .filter(one -> one.port().equals(enrollment.port()))
                        .forEach(one -> touched.of(enrollment.container()).markLink(one.index()));
            }
        });
        return touched;
    }

    private Touched recordedAt(ContainerId container, String id, long height) {
        // The entry may reach the disk only after the enrolment has ended.
        return Optional.ofNullable(open.get(container))
                .flatMap(enrollments -> enrollments.recordedAt(id, height))
                .map(index -> link(container, index))
                .orElseGet(Touched::new);
    }

    private static Touched link(ContainerId container, int index) {
        Touched touched = new Touched();
        touched.of(container).markLink(index);
        return touched;
    }

    private Touched everyLink(ContainerId container) {
        Touched touched = new Touched();
        of(container).forEach(enrollment -> touched.of(container).markLink(enrollment.index()));
        return touched;
    }

    private Notes notesOf(ContainerId container) {
        return notes.computeIfAbsent(container, id -> new Notes());
    }

    private void nextGeneration(ContainerId container, int index) {
        notesOf(container).generations.merge(index, 1L, Long::sum);
    }

    /** Forgets the notes about a container that has stopped, unless it still has an open enrolment. */
    void forget(ContainerId container) {
        if (!open.containsKey(container)) {
            notes.remove(container);
        }
    }

    /**
     * Returns the id of the next enrolment of a link. The id stays the same until an enrolment of the link begins or ends. So
     * the retry of an attempt whose answer was lost uses the id that may already be in the database.
     */
    public String next(ContainerId container, int index, long initPid) {
        Map<Integer, Long> generations = Optional.ofNullable(notes.get(container))
                .map(noted -> noted.generations)
                .orElse(Map.of());
        String begun = container + " " + index + " " + initPid + " " + generations.getOrDefault(index, 0L) + " "
                + generations.getOrDefault(NO_LINK, 0L);
        return ids.of(begun);
    }

    /** Returns the id of the enrolment that follows this one when a port gets a new configuration under the same marks. */
    public String after(String id) {
        return ids.of("after " + id);
    }

    /**
     * Returns whether this run of the agent began the enrolment or has already found it in place; then finding it is no
     * recovery. It is a recovery to find an enrolment that has ended: an older copy of the database came back.
     */
    public boolean isKnown(ContainerId container, String id) {
        Notes noted = notes.get(container);
        boolean seen = noted != null && noted.seen.contains(id);
        return (seen || ids.isOfThisRun(id)) && !ended.contains(id);
    }

    /** Returns whether this enrolment has been recorded and has not ended. */
    public boolean isOpen(ContainerId container, String id) {
        return Optional.ofNullable(open.get(container))
                .flatMap(enrollments -> enrollments.of(id))
                .isPresent();
    }

    /** Returns whether the agent has published this drift of an enrolment's port. */
    public boolean isDriftTold(Enrollment enrollment, String drift) {
        return Optional.ofNullable(notes.get(enrollment.container()))
                .filter(noted -> drift.equals(noted.drift.get(enrollment.port())))
                .isPresent();
    }

    /** Returns whether there is no note about this enrolment to forget now that its port is in place. */
    public boolean isSettled(Enrollment enrollment) {
        Notes noted = notes.get(enrollment.container());
        boolean told = noted != null && noted.drift.containsKey(enrollment.port());
        return !told && isKnown(enrollment.container(), enrollment.id());
    }

    /** Returns the enrolments of this container in the order of their creation. */
    public List<Enrollment> of(ContainerId container) {
        ContainerEnrollments enrollments = open.get(container);
        return enrollments == null ? List.of() : enrollments.all();
    }

    /** Returns the enrolment of this container's link, if there is one. */
    public Optional<Enrollment> of(ContainerId container, int index) {
        return Optional.ofNullable(open.get(container)).flatMap(enrollments -> enrollments.of(index));
    }

    /** Returns the containers that have an enrolment. */
    public Collection<ContainerId> containers() {
        return List.copyOf(open.keySet());
    }
}
