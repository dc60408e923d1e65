// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.cluster.entries.EntryPuller.Position;
import org.opdbus.verticles.cluster.limits.StateFile;

/**
 * What a host keeps about its peers from one run to the next. Without it each peer counts as met for the first time.
 *
 * @param run the last run of this host
 */
record SavedPeers(long run, List<Host> hosts) implements StateFile.Content {
    static final SavedPeers NONE = new SavedPeers(0, List.of());

    SavedPeers {
        hosts = List.copyOf(hosts);
    }

    /** A peer, and how far its entries were passed on; its run is 0 if none were. */
    record Host(
            String host,
            String state,
            Instant lastSeen,
            long ledgerHeight,
            String version,
            String checkpoint,
            long run,
            long height,
            String hash,
            @Nullable Long announced) {
        Host {
            Objects.requireNonNull(host, "host");
            Objects.requireNonNull(version, "version");
            Objects.requireNonNull(checkpoint, "checkpoint");
            // Absent in the file if no entry was passed on.
            hash = Objects.requireNonNullElse(hash, "");
            // Absent in the file of an older agent.
            announced = Objects.requireNonNullElse(announced, height);
        }

        private Position position() {
            return new Position(run, height, hash, Objects.requireNonNullElse(announced, height));
        }

        private List<Object> news() {
            return List.of(
                    host,
                    state,
                    ledgerHeight,
                    version,
                    checkpoint,
                    run,
                    height,
                    hash,
                    position().announced());
        }
    }

    static SavedPeers of(long run, Collection<HostRow> rows, Map<String, Position> positions) {
        return new SavedPeers(
                run,
                rows.stream()
                        .map(row -> host(row, positions.getOrDefault(row.host(), Position.NONE)))
                        .toList());
    }

    private static Host host(HostRow row, Position position) {
        return new Host(
                row.host(),
                row.up() ? "up" : "away",
                row.lastSeen(),
                row.height(),
                row.version(),
                row.checkpoint(),
                position.run(),
                position.height(),
                position.hash(),
                position.announced());
    }

    /** Returns the hosts, all of which are away before they are heard. */
    Map<String, HostRow> rows() {
        Map<String, HostRow> rows = new TreeMap<>();
        hosts.forEach(host -> rows.put(
                host.host(),
                new HostRow(
                        host.host(), false, host.lastSeen(), host.ledgerHeight(), host.version(), host.checkpoint())));
        return rows;
    }

    Map<String, Position> positions() {
        Map<String, Position> positions = new TreeMap<>();
        hosts.stream().filter(host -> host.run() > 0).forEach(host -> positions.put(host.host(), host.position()));
        return positions;
    }

    /** The time of the last heartbeats alone is no news. */
    @Override
    public Object news() {
        return List.of(run, hosts.stream().map(Host::news).toList());
    }
}
