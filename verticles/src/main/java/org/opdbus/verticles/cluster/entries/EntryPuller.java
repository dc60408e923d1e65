// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.EntryFormat;
import org.opdbus.ledger.LedgerException;

/**
 * Follows the ledgers of peers while a caller on this host wants to see them. A copy says that an entry exists, but
 * not when it was written and which entry it follows. So the entries are fetched unchanged from the peer's disk, and
 * checked. For one thread.
 */
final class EntryTails {
    private static final long ASK_AGAIN_MS = 200;
    private static final int DOUBLINGS_MAX = 5;

    private final String self;
    private final RandomGenerator jitter;
    private final Consumer<Entry> told;
    private final Map<String, Place> places = new TreeMap<>();
    private boolean isOpen;

    private static final class Place {
        private long next;
        private long known;
        private String prev = "";
        private long askAtMs = Long.MIN_VALUE;
        private int tries;

        private Place(long height) {
            next = height + 1;
            known = height;
        }
    }

    /** Creates an object that follows no host before it is opened. */
    EntryTails(String self, RandomGenerator jitter, Consumer<Entry> told) {
        this.self = self;
        this.jitter = jitter;
        this.told = told;
    }

    /** Begins with what these hosts write from now on, if it is wanted; otherwise stops. */
    void want(boolean isWanted, Collection<HostRow> rows) {
        if (isWanted == isOpen) {
            return;
        }
        isOpen = isWanted;
        places.clear();
        if (isOpen) {
            rows.forEach(row -> places.put(row.host(), new Place(row.height())));
        }
    }

    void forget(Set<String> hosts) {
        places.keySet().removeAll(hosts);
    }

    /** A host's ledger has reached this height. */
    void reached(String host, long height) {
        if (isOpen) {
            Place place = places.computeIfAbsent(host, name -> new Place(height));
            place.known = Math.max(place.known, height);
        }
    }

    /** Returns which host to ask now, and for what; the same again only after a growing pause. */
    Map<String, Message> ask(long nowMs) {
        Map<String, Message> asks = new TreeMap<>();
        places.forEach((host, place) -> ask(place, nowMs).ifPresent(ask -> asks.put(host, ask)));
        return asks;
    }

    private Optional<Message> ask(Place place, long nowMs) {
        if (place.next > place.known || nowMs < place.askAtMs) {
            return Optional.empty();
        }
        long pause = ASK_AGAIN_MS << Math.min(place.tries, DOUBLINGS_MAX);
        place.tries++;
        place.askAtMs = nowMs + pause + jitter.nextLong(pause);
        return Optional.of(new Message.AskEntries(self, place.next, place.known));
    }

    /**
     * Processes entries that arrived, regardless of the request that they answer.
     *
     * @return the next request to that host
     * @throws IllegalArgumentException if its ledger cannot hold these entries; they are requested again
     */
    Optional<Message> entries(Message.Entries entries, long nowMs) {
        Place place = places.get(entries.host());
        if (place == null || entries.from() != place.next || place.next > place.known) {
            return Optional.empty();
        }
        if (entries.lines().isEmpty()) {
            // Its ledger no longer holds them; {@link Heads} finds out whether that is allowed.
            place.next = place.known + 1;
            place.prev = "";
        }
        for (String line : entries.lines()) {
            Entry entry = checked(line, entries.host(), place);
            place.prev = entry.hash();
            place.next++;
            told.accept(entry);
        }
        place.known = Math.max(place.known, place.next - 1);
        place.tries = 0;
        place.askAtMs = nowMs;
        return ask(place, nowMs);
    }

    private static Entry checked(String line, String host, Place place) {
        Entry entry;
        try {
            entry = EntryFormat.parse(line.getBytes(StandardCharsets.UTF_8));
        } catch (LedgerException e) {
            throw new IllegalArgumentException("entry " + place.next + " of " + host + " does not verify", e);
        }
        if (entry.height() != place.next || !entry.host().equals(host)) {
            throw new IllegalArgumentException("entry " + place.next + " of " + host + " belongs to another host");
        }
        if (!place.prev.isEmpty() && !entry.prev().equals(place.prev)) {
            // Logged once; then the present entries are shown. {@link Heads} finds out whether the
            // change is allowed.
            place.prev = "";
            throw new IllegalArgumentException(
                    "entry " + place.next + " of " + host + " does not follow the one before");
        }
        return entry;
    }
}
