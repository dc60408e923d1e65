// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.opdbus.events.AgentEvent.Source;

/**
 * What is known of the agent of this host.
 *
 * @param name the host
 * @param version the agent's version
 * @param started when this run of the agent began
 * @param sources how each source stands; every source is in it
 */
public record HostFacts(
        String name, String version, Instant started, Map<Source, SourceStanding> sources, LedgerStanding ledger) {
    /** How far a source has come. */
    public enum Heard {
        /** It has not listed what exists yet. */
        AWAITED,
        /** It has listed what exists, and tells every change. */
        LISTED,
        /** It cannot be heard; what it told before may be out of date. */
        LOST
    }

    /**
     * How a source stands.
     *
     * @param reason why it cannot be heard; empty if it can, or has not begun
     */
    public record SourceStanding(Heard heard, String reason) {
        private static final SourceStanding AWAITED = new SourceStanding(Heard.AWAITED, "");
        static final SourceStanding LISTED = new SourceStanding(Heard.LISTED, "");

        static SourceStanding lost(String reason) {
            return new SourceStanding(Heard.LOST, reason);
        }
    }

    /**
     * How the ledger stands.
     *
     * @param height of the last entry that was written since the start
     * @param hash of that entry
     * @param degraded why it takes no entries; empty if it does
     */
    public record LedgerStanding(Optional<Long> height, Optional<String> hash, Optional<String> degraded) {
        private static final LedgerStanding NOTHING_WRITTEN =
                new LedgerStanding(Optional.empty(), Optional.empty(), Optional.empty());
    }

    public HostFacts {
        sources = Collections.unmodifiableMap(new EnumMap<>(sources));
    }

    /** Those of an agent that begins: no source was heard, nothing was written. */
    public static HostFacts atStart(String name, String version, Instant started) {
        Map<Source, SourceStanding> sources = new EnumMap<>(Source.class);
        for (Source source : Source.values()) {
            sources.put(source, SourceStanding.AWAITED);
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

    /** How this source stands. */
    public SourceStanding source(Source source) {
        return sources.getOrDefault(source, SourceStanding.AWAITED);
    }

    /** Whether every source has been heard and the ledger takes entries. */
    public boolean isReady() {
        return ledger.degraded().isEmpty()
                && sources.values().stream().allMatch(standing -> standing.heard() == Heard.LISTED);
    }
}
