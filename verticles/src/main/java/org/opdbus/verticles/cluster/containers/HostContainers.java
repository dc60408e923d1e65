// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.containers;

import com.fasterxml.jackson.databind.util.RawValue;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.opdbus.verticles.cluster.limits.StateFile;
import org.opdbus.verticles.cluster.wire.JsonSize;
import org.opdbus.verticles.cluster.wire.Message;

/**
 * The containers of this host and of its peers, in the form of {@code query}. Heads say which table a host has;
 * a peer that holds another table asks for it, at most once in {@value #ASK_EVERY_MS} ms. For one thread.
 *
 * <p>Limits: a table has at most {@value #ROWS_MAX} containers and {@value #CHARACTERS_MAX} characters, and no
 * container over {@value #ROW_BYTES_MAX} bytes; all tables of peers together have at most {@value
 * #ALL_CHARACTERS_MAX} characters. Containers beyond the limits are left out, and their number is known.
 */
public final class HostContainers {
    static final int ROWS_MAX = 1_000;
    static final int CHARACTERS_MAX = 512 * 1024;
    static final int ALL_CHARACTERS_MAX = 4 << 20;
    private static final int ROW_BYTES_MAX = 32 * 1024;
    static final long ASK_EVERY_MS = 1_000;

    private final String self;
    private long run;
    private final Map<String, Peer> peers = new TreeMap<>();
    private Table own = Table.NONE;
    private long version;

    /** The containers of one host. */
    public record Table(List<String> rows, long leftOut) {
        public static final Table NONE = new Table(List.of(), 0);

        public Table {
            rows = List.copyOf(rows);
        }

        public long characters() {
            return rows.stream().mapToLong(String::length).sum();
        }
    }

    /** What is known of peers, as a file keeps it. */
    public record Saved(List<Host> hosts) implements StateFile.Content {
        public static final Saved NONE = new Saved(List.of());

        public Saved {
            hosts = List.copyOf(hosts);
        }

        /** A peer, with its containers as values of JSON. */
        public record Host(String host, long leftOut, List<Object> containers) {
            public Host {
                Objects.requireNonNull(host, "host");
                containers = List.copyOf(containers);
            }

            /** The containers are JSON text already; as trees they would take many times the memory. */
            private static Host of(String host, Table table) {
                return new Host(
                        host,
                        table.leftOut(),
                        table.rows().stream().<Object>map(RawValue::new).toList());
            }

            private Table table() {
                return new Table(containers.stream().map(Json::encode).toList(), leftOut);
            }
        }
    }

    private record Version(long run, long count) {
        private static final Version NONE = new Version(0, 0);
    }

    private static final class Peer {
        private Version offered = Version.NONE;
        private Version held = Version.NONE;
        private Table table = Table.NONE;
        private long askAtMs = Long.MIN_VALUE;
        private boolean asked;
    }

    /** Creates an object without containers. */
    public HostContainers(String self) {
        this.self = self;
    }

    /** Returns the number of this host's table in this run; 0 before the first. */
    public long version() {
        return version;
    }

    /** Stores the present containers of this host; returns whether they have changed. */
    public boolean own(List<String> containers) {
        List<String> rows = new ArrayList<>();
        long bytes = 0;
        for (String row : containers) {
            // A container that cannot be written at all counts as larger than any other.
            long size = JsonSize.ofText(row);
            if (rows.size() < ROWS_MAX && size <= ROW_BYTES_MAX && bytes + size <= CHARACTERS_MAX) {
                bytes += size;
                rows.add(row);
            }
        }
        Table now = new Table(rows, containers.size() - rows.size());
        if (version > 0 && now.equals(own)) {
            return false;
        }
        own = now;
        version++;
        return true;
    }

    /** Returns this host's table. */
    public Message.Rows answer() {
        return new Message.Rows(self, run, version, own.leftOut(), own.rows());
    }

    /** Begins a run of the agent with what peers were last known to have; called before anything else. */
    public void begin(long number, Saved saved) {
        run = number;
        saved.hosts().forEach(host -> peer(host.host()).table = fitting(host.host(), host.table()));
    }

    /** A host says which table it has. */
    public void offered(Message.LedgerHead beat) {
        if (beat.table() > 0) {
            peer(beat.host()).offered = new Version(beat.run(), beat.table());
        }
    }

    /** Returns which host to ask now, and for what. */
    public Map<String, Message> ask(long nowMs) {
        Map<String, Message> asks = new TreeMap<>();
        peers.forEach((host, peer) -> {
            if (!peer.offered.equals(peer.held) && nowMs >= peer.askAtMs) {
                peer.askAtMs = nowMs + ASK_EVERY_MS;
                peer.asked = true;
                asks.put(host, new Message.AskRows(self));
            }
        });
        return asks;
    }

    /**
     * Processes an answer; one that was not asked for is ignored.
     *
     * @throws IllegalArgumentException if it cannot be a table; it is requested again
     */
    public void rows(Message.Rows rows) {
        Peer peer = peers.get(rows.host());
        if (peer == null || !peer.asked) {
            return;
        }
        long characters = rows.rows().stream().mapToLong(String::length).sum();
        if (rows.rows().size() > ROWS_MAX
                || characters > CHARACTERS_MAX
                || !rows.rows().stream().allMatch(HostContainers::isContainer)) {
            throw new IllegalArgumentException("it says too much about containers, or nothing");
        }
        Version version = new Version(rows.run(), rows.table());
        peer.asked = false;
        peer.held = version;
        if (version.run() >= peer.offered.run()) {
            peer.offered = version;
        }
        peer.table = fitting(rows.host(), new Table(rows.rows(), rows.leftOut()));
    }

    private static boolean isContainer(String row) {
        try {
            return new JsonObject(row).getValue("id") instanceof String;
        } catch (DecodeException e) {
            return false;
        }
    }

    /**
     * Returns the table, or an empty one that says that it is left out, if all tables together would be too large.
     */
    private Table fitting(String host, Table table) {
        long others = peers.entrySet().stream()
                .filter(other -> !other.getKey().equals(host))
                .mapToLong(other -> other.getValue().table.characters())
                .sum();
        return others + table.characters() <= ALL_CHARACTERS_MAX
                ? table
                : new Table(List.of(), table.leftOut() + table.rows().size());
    }

    private Peer peer(String host) {
        return peers.computeIfAbsent(host, name -> new Peer());
    }

    public void forget(Set<String> hosts) {
        peers.keySet().removeAll(hosts);
    }

    /** Returns what is known of a peer's containers. */
    public Table of(String host) {
        Peer peer = peers.get(host);
        return peer == null ? Table.NONE : peer.table;
    }

    /** Returns what is known of every peer's containers. */
    public Saved saved() {
        return new Saved(peers.entrySet().stream()
                .map(peer -> Saved.Host.of(peer.getKey(), peer.getValue().table))
                .toList());
    }
}
