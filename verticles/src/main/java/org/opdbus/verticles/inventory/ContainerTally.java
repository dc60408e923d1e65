// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;

/**
 * How many containers there are of each kind. It never changes; {@link #after} makes the tally of a changed set of containers
 * and looks only at what has changed, so that a face can show the numbers without counting all containers.
 *
 * @param running how many containers run
 * @param livePorts how many ports of enrolled containers carry packets
 * @param standings how many containers there are of each status; a status without containers may be absent
 * @param kinds how many containers and virtual machines of each kind run; a kind of which none was ever seen is absent
 */
public record ContainerTally(
        int running, int livePorts, Map<ContainerPhase, Integer> standings, Map<Kind, Integer> kinds) {
    /** The tally of no containers. */
    public static final ContainerTally EMPTY = new ContainerTally(0, 0, Map.of(), Map.of());

    public ContainerTally {
        standings = Map.copyOf(standings);
        kinds = Map.copyOf(kinds);
    }

    /** Returns how many containers have this status. */
    public int count(ContainerPhase standing) {
        return standings.getOrDefault(standing, 0);
    }

    /** Returns how many of each kind run, in the words of {@code query}; it has LXC, and every kind that was seen. */
    public Map<String, Integer> runningByKind() {
        Map<String, Integer> counts = new TreeMap<>(Map.of("lxc", 0));
        kinds.forEach((kind, count) -> counts.put(kind.name().toLowerCase(Locale.ROOT), count));
        return counts;
    }

    /** Returns the number of containers for each status, in the words of {@code query}, without meshes; it has every word. */
    public Map<String, Integer> phases() {
        Map<String, Integer> counts = new TreeMap<>();
        for (ContainerPhase phase : ContainerPhase.values()) {
            counts.put(KnownContainer.word(phase), count(phase));
        }
        return counts;
    }

    /** Returns the tally of {@code now}, given that this is the tally of {@code before}. */
    ContainerTally after(
            SnapshotMap<ContainerId, KnownContainer> before, SnapshotMap<ContainerId, KnownContainer> now) {
        Set<ContainerId> changed = now.changedSince(before);
        Count count = new Count(this);
        for (ContainerId id : changed) {
            before.get(id).ifPresent(container -> count.add(container, -1));
            now.get(id).ifPresent(container -> count.add(container, 1));
        }
        return new ContainerTally(count.running, count.livePorts, count.standings, count.kinds);
    }

    /** A tally while it changes. */
    private static final class Count {
        private int running;
        private int livePorts;
        private final Map<ContainerPhase, Integer> standings = new EnumMap<>(ContainerPhase.class);
        private final Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);

        Count(ContainerTally start) {
            running = start.running;
            livePorts = start.livePorts;
            standings.putAll(start.standings);
            kinds.putAll(start.kinds);
        }

        void add(KnownContainer container, int times) {
            int runs = container.status().running() ? times : 0;
            running += runs;
            kinds.merge(container.kind(), runs, Integer::sum);
            livePorts += times * container.livePorts();
            standings.merge(container.status().standing(), times, Integer::sum);
        }
    }
}
