// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.opdbus.events.AgentEvent.Source;

/**
 * The state of this host's agent.
 *
 * @param name the host
 * @param version the agent's version
 * @param started the time at which this run of the agent began
 * @param sources the state of each source; the map has every source
 */
public record HostFacts(
        String name, String version, Instant started, Map<Source, SourceStanding> sources, LedgerStanding ledger) {
    /** The progress of a source. */
    public enum Heard {
        /** The source has not listed what exists yet. */
        AWAITED,
        /** The source has listed what exists, and reports every change. */
        LISTED,
        /** The agent has lost the source; its earlier facts may be out of date. */
        LOST
    }

    /**
     * The state of a source.
     *
     * @param reason why the agent has lost the source; empty if it has not
     */
    public record SourceStanding(Heard heard, String reason) {
        private static final SourceStanding AWAITED = new SourceStanding(Heard.AWAITED, "");
        static final SourceStanding LISTED = new SourceStanding(Heard.LISTED, "");

        static SourceStanding lost(String reason) {
            return new SourceStanding(Heard.LOST, reason);
        }
    }

    /**
     * The state of the ledger.
     *
     * @param height the height of the last entry written since the start; empty if there is none
     * @param hash the hash of that entry
     * @param degraded why the ledger accepts no entries; empty if it accepts them
     */
    public record LedgerStanding(Optional<Long> height, Optional<String> hash, Optional<String> degraded) {
        private static final LedgerStanding NOTHING_WRITTEN =
                new LedgerStanding(Optional.empty(), Optional.empty(), Optional.empty());
    }

    public HostFacts {
        sources = Collections.unmodifiableMap(new EnumMap<>(sources));
    }

    /** Returns the state of an agent at its start: no source has listed, and the ledger has written nothing. */
    public static HostFacts atStart(String name, String version, Instant started) {
        Map<Source, SourceStanding> sources = new EnumMap<>(Source.class);
        for (Source source : Source.values()) {
            if (source.isEverywhere()) {
                sources.put(source, SourceStanding.AWAITED);
            }
        }
        return new HostFacts(name, version, started, sources, LedgerStanding.NOTHING_WRITTEN);
    }

    HostFacts with(Source source, SourceStanding standing) {
        Map<Source, SourceStanding> changed = new EnumMap<>(sources);
        changed.put(source, standing);
        return new HostFacts(name, version, started, changed, ledger);
    }

    HostFacts with(LedgerStanding standing) {
        return new HostFacts(name, version, started, sources, standing);
    }

    /** Returns the state of this source. */
    public SourceStanding source(Source source) {
        return sources.getOrDefault(source, SourceStanding.AWAITED);
    }

    /** Returns whether every source that each host has has listed, and the ledger accepts entries. */
    public boolean isReady() {
        return ledger.degraded().isEmpty()
                && sources.entrySet().stream()
                        .filter(source -> source.getKey().isEverywhere())
                        .allMatch(source -> source.getValue().heard() == Heard.LISTED);
    }
}
