// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.events.Address;
import org.opdbus.events.ContainerId;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.LedgerFold;
import org.opdbus.verticles.reconcile.Enrollment;

/**
 * The enrolments that the ledger says began and did not end: what an earlier run left, so that this one goes on with the
 * same story. Folded from entries in their order.
 */
final class OpenEnrollments implements LedgerFold.Fold {
    private static final String ENROLLMENT = "enrollment";

    private final Map<String, Begun> open = new LinkedHashMap<>();
    private final Instant boot;

    /** An enrolment and the entry by which it began. */
    private record Begun(Enrollment enrollment, Entry entry) {}

    /** Nothing yet; what was recorded before the host's last boot knows its links by numbers that mean nothing now. */
    OpenEnrollments(Instant boot) {
        this.boot = boot;
    }

    @Override
    public void add(Entry entry) {
        if (entry.kind().equals(Address.CONTAINER_ENROLLED.kind())) {
            Enrollment begun = enrollment(entry);
            // A link has one enrolment: a later one of the same link replaces the earlier.
            open.values()
                    .removeIf(earlier -> earlier.enrollment().container().equals(begun.container())
                            && earlier.enrollment().index() == begun.index());
            open.put(begun.id(), new Begun(begun, entry));
        } else if (entry.kind().equals(Address.CONTAINER_LEFT.kind())
                || entry.kind().equals(Address.ENROLLMENT_LOST.kind())) {
            open.remove(String.valueOf(entry.data().get(ENROLLMENT)));
        }
    }

    @Override
    public List<Entry> remaining() {
        return open.values().stream().map(Begun::entry).toList();
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
                .map(begun ->
                        begun.entry().time().isBefore(boot) ? begun.enrollment().beforeReboot() : begun.enrollment())
                .toList();
    }
}
