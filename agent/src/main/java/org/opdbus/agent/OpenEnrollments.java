// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.events.Address;
import org.opdbus.events.ContainerId;
import org.opdbus.ledger.Entry;
import org.opdbus.verticles.reconcile.Enrollment;

/**
 * The enrolments that the ledger says began and did not end: what an earlier run left, so that this one goes on with the
 * same story. Folded from entries in their order.
 */
final class OpenEnrollments {
    private static final String ENROLLMENT = "enrollment";

    private final Map<String, Enrollment> open = new LinkedHashMap<>();
    private final Set<String> beforeBoot = new HashSet<>();
    private final Instant boot;

    /** Nothing yet; what was recorded before the host's last boot knows its links by numbers that mean nothing now. */
    OpenEnrollments(Instant boot) {
        this.boot = boot;
    }

    /** Takes in the next entry. */
    void add(Entry entry) {
        if (entry.kind().equals(Address.CONTAINER_ENROLLED.kind())) {
            Enrollment begun = enrollment(entry);
            // A link has one enrolment: a later one of the same link replaces the earlier.
            open.values()
                    .removeIf(earlier ->
                            earlier.container().equals(begun.container()) && earlier.index() == begun.index());
            open.put(begun.id(), begun);
            if (entry.time().isBefore(boot)) {
                beforeBoot.add(begun.id());
            } else {
                beforeBoot.remove(begun.id());
            }
        } else if (entry.kind().equals(Address.CONTAINER_LEFT.kind())
                || entry.kind().equals(Address.ENROLLMENT_LOST.kind())) {
            String ended = String.valueOf(entry.data().get(ENROLLMENT));
            open.remove(ended);
            beforeBoot.remove(ended);
        }
    }

    private static Enrollment enrollment(Entry entry) {
        Map<String, Object> data = entry.data();
        return new Enrollment(
                new ContainerId(entry.subject()),
                String.valueOf(data.get(ENROLLMENT)),
                ((Number) data.getOrDefault("index", 0)).intValue(),
                String.valueOf(data.get("link")),
                String.valueOf(data.get("bridge")),
                Optional.ofNullable(data.get("vlan")).map(vlan -> ((Number) vlan).intValue()),
                Optional.of(entry.height()));
    }

    /** Those that are open after the entries so far. */
    Collection<Enrollment> open() {
        return open.values().stream()
                .map(enrollment -> beforeBoot.contains(enrollment.id()) ? enrollment.beforeReboot() : enrollment)
                .toList();
    }
}
