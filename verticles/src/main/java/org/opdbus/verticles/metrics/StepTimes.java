// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.metrics;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.EnrollmentEvent.ContainerLeft;
import org.opdbus.events.EnrollmentEvent.LinkRenamed;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.LinkEvent.LinkVanished;
import org.opdbus.events.MeshEvent.MeshJoined;
import org.opdbus.events.PortEvent.PortAdded;

/**
 * Measures the steps of enrolments by the arrival times of their facts: link appeared, container runs, link named, row
 * written, port live, entry on disk, mesh joined, container left. It does not measure steps of an earlier run of the agent.
 * For one thread only.
 */
final class StepTimes {
    /** From the running container to the live port. */
    static final String TOTAL = "total";

    /**
     * The steps in their order. {@code total} is the time from the running container to the live port; {@code join} the time
     * from there to the mesh; {@code leave} the time from the container's end to the removal of its port.
     */
    static final List<String> NAMES =
            List.of("running", "renamed", "committed", "live", "durable", TOTAL, "join", "leave");

    /** The limit for remembered links. They include links of other programs, until the agent knows whose they are. */
    private static final int LINKS_MAX = 4_096;

    private final BiConsumer<String, Duration> took;
    private final LongSupplier nanoTime;
    private final Map<Integer, Long> links = new LinkedHashMap<>();
    private final Map<ContainerId, Long> running = new HashMap<>();
    private final Map<ContainerId, Long> renamed = new HashMap<>();
    private final Map<String, Long> rows = new LinkedHashMap<>();
    private final Map<String, Long> live = new LinkedHashMap<>();
    private final Map<String, Long> onDisk = new LinkedHashMap<>();
    private final Map<ContainerId, Long> unjoined = new LinkedHashMap<>();
    private final Map<ContainerId, Long> stopped = new LinkedHashMap<>();

    StepTimes(BiConsumer<String, Duration> took, LongSupplier nanoTime) {
        this.took = took;
        this.nanoTime = nanoTime;
    }

    void hear(Event fact) {
        long now = nanoTime.getAsLong();
        if (fact instanceof LinkAppeared appeared) {
            put(links, appeared.link().index(), now);
        } else if (fact instanceof LinkVanished vanished) {
            links.remove(vanished.link().index());
        } else if (fact instanceof PortAdded added) {
            put(rows, added.port().name(), now);
        } else if (fact instanceof ContainerStarted started) {
            running.put(started.container().id(), now);
            stopped.remove(started.container().id());
        } else if (fact instanceof ContainerStopped ended) {
            stopped(ended.container().id(), now);
        } else if (fact instanceof LinkRenamed link) {
            step("renamed", running.get(link.container()), now);
            renamed.put(link.container(), now);
        } else if (fact instanceof ContainerEnrolled enrolled && !enrolled.recovered()) {
            enrolled(enrolled, now);
        } else if (fact instanceof ContainerLeft left && !left.recovered()) {
            step("leave", stopped.get(left.container()), now);
        } else if (fact instanceof MeshJoined joined) {
            Long began = unjoined.remove(joined.container());
            step("join", joined.recovered() ? null : began, now);
        } else if (fact instanceof EntryCommitted committed && committed.fact() instanceof ContainerEnrolled enrolled) {
            durable(enrolled.enrollment(), now);
        }
    }

    private void stopped(ContainerId container, long now) {
        running.remove(container);
        renamed.remove(container);
        unjoined.remove(container);
        put(stopped, container, now);
    }

    private void enrolled(ContainerEnrolled enrolled, long now) {
        Long began = running.get(enrolled.container());
        Long row = rows.remove(enrolled.link().value());
        put(unjoined, enrolled.container(), now);
        if (began != null) {
            Long appeared = links.remove(enrolled.index());
            step("running", appeared != null && appeared <= began ? appeared : null, began);
            step(TOTAL, began, now);
            if (row != null && row >= began) {
                Long named = renamed.get(enrolled.container());
                step("committed", named != null && named <= row ? named : began, row);
                step("live", row, now);
            }
        }
        if (onDisk.remove(enrolled.enrollment()) == null) {
            put(live, enrolled.enrollment(), now);
        } else {
            step("durable", now, now);
        }
    }

    /** Records the time of an entry, which may arrive before its fact: ledger and reconciler are different publishers. */
    private void durable(String enrollment, long now) {
        Long began = live.remove(enrollment);
        if (began == null) {
            put(onDisk, enrollment, now);
        } else {
            step("durable", began, now);
        }
    }

    private void step(String name, @Nullable Long from, long to) {
        if (from != null) {
            took.accept(name, Duration.ofNanos(to - from));
        }
    }

    private static <K> void put(Map<K, Long> map, K key, long now) {
        map.put(key, now);
        if (map.size() > LINKS_MAX) {
            map.remove(map.keySet().iterator().next());
        }
    }
}
