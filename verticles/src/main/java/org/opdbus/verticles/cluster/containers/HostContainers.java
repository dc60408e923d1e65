// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The containers of this host and of its peers, in the form of {@code query}. Heartbeats say which table a host has;
 * a peer that holds another table asks for it, page by page, and begins to ask at most once in {@value #ASK_EVERY_MS}
 * ms. For one thread.
 *
 * <p>Limits: a table has at most {@value #ROWS_MAX} containers and {@value #CHARACTERS_MAX} characters, and no
 * container over {@value #ROW_BYTES_MAX} bytes; all tables of peers together have at most {@value
 * #ALL_CHARACTERS_MAX} characters. Containers beyond the limits are left out, and their number is known.
 */
final class HostContainers {
    static final int ROWS_MAX = 1_000;
    static final int CHARACTERS_MAX = 512 * 1024;
    static final int ALL_CHARACTERS_MAX = 4 << 20;
    private static final int ROW_BYTES_MAX = 32 * 1024;
    static final long ASK_EVERY_MS = 1_000;

    private final String self;
    private final long epoch;
    private final Map<String, Sibling> siblings = new TreeMap<>();
    private Table own = Table.NONE;
    private long version;

    /** The containers of one host. */
    record Table(List<String> rows, long leftOut) {
        static final Table NONE = new Table(List.of(), 0);

        Table {
            rows = List.copyOf(rows);
        }

        long characters() {
            return rows.stream().mapToLong(String::length).sum();
        }
    }

    private record Version(long epoch, long count) {
        private static final Version NONE = new Version(0, 0);
    }

    private static final class Sibling {
        private Version offered = Version.NONE;
        private Version held = Version.NONE;
        private Version coming = Version.NONE;
        private final List<String> rows = new ArrayList<>();
        private Table table = Table.NONE;
        private long askAtMs = Long.MIN_VALUE;
        private boolean asked;
    }

    /** Creates an object without containers, for this run of the agent. */
    HostContainers(String self, long epoch) {
        this.self = self;
        this.epoch = epoch;
    }

    /** Returns the number of this host's table in this run; 0 before the first. */
    long version() {
        return version;
    }

    /** Stores the present containers of this host; returns whether they have changed. */
    boolean own(List<String> containers) {
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

    /** Returns a page of this host's table. */
    Message.Rows answer(Message.AskRows ask) {
        List<String> page = new ArrayList<>();
        int from = (int) Math.min(ask.from(), own.rows().size());
        long bytes = 0;
        for (String row : own.rows().subList(from, own.rows().size())) {
            bytes += JsonSize.ofText(row) + 1;
            if (bytes > Wire.BATCH_BYTES_MAX && !page.isEmpty()) {
                break;
            }
            page.add(row);
        }
        return new Message.Rows(self, epoch, version, from, own.rows().size(), own.leftOut(), page);
    }

    /** Sets what a host was last known to have, from an earlier run. */
    void restore(String host, Table table) {
        sibling(host).table = fitting(host, table);
    }

    /** A host says which table it has. */
    void offered(Message.Heartbeat beat) {
        if (beat.table() > 0) {
            sibling(beat.host()).offered = new Version(beat.epoch(), beat.table());
        }
    }

    /** Returns which host to ask now, and for what. */
    Map<String, Message> ask(long nowMs) {
        Map<String, Message> asks = new TreeMap<>();
        siblings.forEach((host, sibling) -> {
            if (!sibling.offered.equals(sibling.held) && nowMs >= sibling.askAtMs) {
                sibling.askAtMs = nowMs + ASK_EVERY_MS;
                sibling.asked = true;
                // A table that stopped half-way is begun again, because it may have changed
                // meanwhile.
                sibling.rows.clear();
                asks.put(host, new Message.AskRows(self, 0));
            }
        });
        return asks;
    }

    /**
     * Processes a page.
     *
     * @return the next question to that host, if the page was not the last
     * @throws IllegalArgumentException if it cannot be a page of a table; the table is requested again
     */
    Optional<Message> rows(Message.Rows page) {
        Sibling sibling = siblings.get(page.host());
        Version version = new Version(page.epoch(), page.table());
        if (sibling == null || !sibling.asked) {
            return Optional.empty();
        }
        if (page.from() == 0) {
            sibling.rows.clear();
            sibling.coming = version;
        } else if (page.from() != sibling.rows.size() || !version.equals(sibling.coming)) {
            // The page belongs to a table that has changed meanwhile, or it arrived twice.
            return Optional.empty();
        }
        take(page, sibling);
        if (sibling.rows.size() < page.of() && !page.rows().isEmpty()) {
            return Optional.of(new Message.AskRows(self, sibling.rows.size()));
        }
        sibling.asked = false;
        sibling.held = version;
        if (version.epoch() >= sibling.offered.epoch()) {
            sibling.offered = version;
        }
        sibling.table = fitting(page.host(), new Table(sibling.rows, page.leftOut()));
        sibling.rows.clear();
        return Optional.empty();
    }

    private static void take(Message.Rows page, Sibling sibling) {
        long characters = sibling.rows.stream().mapToLong(String::length).sum();
        for (String row : page.rows()) {
            characters += row.length();
            if (sibling.rows.size() == ROWS_MAX || characters > CHARACTERS_MAX || !isContainer(row)) {
                sibling.rows.clear();
                sibling.asked = false;
                throw new IllegalArgumentException(
                        "what " + page.host() + " sends too much about its containers, or nothing");
            }
            sibling.rows.add(row);
        }
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
        long others = siblings.entrySet().stream()
                .filter(other -> !other.getKey().equals(host))
                .mapToLong(other -> other.getValue().table.characters())
                .sum();
        return others + table.characters() <= ALL_CHARACTERS_MAX
                ? table
                : new Table(List.of(), table.leftOut() + table.rows().size());
    }

    private Sibling sibling(String host) {
        return siblings.computeIfAbsent(host, name -> new Sibling());
    }

    void forget(Set<String> hosts) {
        siblings.keySet().removeAll(hosts);
    }

    /** Returns what is known of a peer's containers. */
    Table of(String host) {
        Sibling sibling = siblings.get(host);
        return sibling == null ? Table.NONE : sibling.table;
    }

    /** Returns what is known of every peer's containers. */
    Map<String, Table> tables() {
        Map<String, Table> tables = new TreeMap<>();
        siblings.forEach((host, sibling) -> tables.put(host, sibling.table));
        return tables;
    }
}
