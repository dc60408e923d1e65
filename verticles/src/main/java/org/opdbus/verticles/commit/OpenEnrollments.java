// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.commit;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.Address;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Port.VlanTrunk;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.read.LedgerFold;
import org.opdbus.verticles.view.Enrollment;

/**
 * The enrolments that, according to the ledger, began and did not end. An earlier run left them, and this run
 * continues them. Folded from entries in their order.
 */
public final class OpenEnrollments implements LedgerFold.Fold {
    private static final String ENROLLMENT = "enrollment";
    private static final String BOOT = "boot";

    private final Map<String, Begun> open = new LinkedHashMap<>();
    /** The id of the open enrolment of each link: a ledger has many entries, and each is looked up by both. */
    private final Map<Place, String> byLink = new HashMap<>();

    private final Boot boot;
    private Optional<Entry> started = Optional.empty();

    /** An enrolment, the entry by which it began, and the start of the agent before it. */
    private record Begun(Enrollment enrollment, Entry entry, Optional<Entry> started) {
        Place place() {
            return new Place(enrollment.container(), enrollment.index());
        }

        /** Entries that were recorded in the same boot belong to it, even if the clock was set since. */
        boolean isBefore(Boot boot) {
            boolean same = started.filter(start -> boot.id().equals(start.data().get(BOOT)))
                    .isPresent();
            return !same && entry.time().isBefore(boot.time());
        }
    }

    /** A link of a container. */
    private record Place(ContainerId container, int index) {}

    /** Empty; entries from before the host's last boot refer to links by numbers that are no longer valid. */
    public OpenEnrollments(Boot boot) {
        this.boot = boot;
    }

    @Override
    public void add(Entry entry) {
        if (entry.kind().equals(Address.CONTAINER_ENROLLED.kind())) {
            begin(new Begun(enrollment(entry), entry, started));
        } else if (entry.kind().equals(Address.AGENT_STARTED.kind())) {
            started = Optional.of(entry);
        } else if (entry.kind().equals(Address.CONTAINER_LEFT.kind())
                || entry.kind().equals(Address.ENROLLMENT_LOST.kind())) {
            end(String.valueOf(entry.data().get(ENROLLMENT)));
        }
    }

    /** A link has one enrolment: a later one of the same link replaces the earlier. */
    private void begin(Begun begun) {
        String earlier = byLink.get(begun.place());
        if (earlier != null) {
            end(earlier);
        }
        end(begun.enrollment().id());
        open.put(begun.enrollment().id(), begun);
        byLink.put(begun.place(), begun.enrollment().id());
    }

    private void end(String id) {
        Begun ended = open.remove(id);
        if (ended != null) {
            byLink.remove(ended.place(), id);
        }
    }

    @Override
    public List<Entry> remaining() {
        Map<Long, Entry> remaining = new TreeMap<>();
        started.ifPresent(last -> remaining.put(last.height(), last));
        open.values().forEach(begun -> {
            remaining.put(begun.entry().height(), begun.entry());
            begun.started().ifPresent(start -> remaining.put(start.height(), start));
        });
        return List.copyOf(remaining.values());
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
                trunk(data.get("trunk")),
                "other".equals(data.get("maker")),
                Optional.of(entry.height()));
    }

    private static Optional<VlanTrunk> trunk(@Nullable Object recorded) {
        if (!(recorded instanceof Map<?, ?> trunk)) {
            return Optional.empty();
        }
        List<Integer> vlans = trunk.get("vlans") instanceof List<?> items
                ? items.stream().map(item -> ((Number) item).intValue()).toList()
                : List.of();
        return VlanTrunk.of(vlans, Optional.ofNullable(trunk.get("mode")).map(Object::toString));
    }

    /** Returns those that are open after the entries so far. */
    public Collection<Enrollment> open() {
        return open.values().stream()
                .map(begun -> begun.isBefore(boot) ? begun.enrollment().beforeReboot() : begun.enrollment())
                .toList();
    }
}
