// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.entries;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.EntryFormat;
import org.opdbus.ledger.LedgerException;
import org.opdbus.verticles.cluster.wire.Message.AskEntries;
import org.opdbus.verticles.cluster.wire.Message.Entries;
import org.opdbus.verticles.cluster.wire.Message.LedgerHead;
import org.opdbus.verticles.cluster.wire.PeerEvent;

/**
 * Pulls the entries of every peer from the height that this host has, and passes each on once, in order, when its
 * hash, its host and its place in the chain are verified. It decides without any file or clock. For one thread.
 *
 * <p>A peer that is met for the first time begins with its last {@value #FIRST_MAX} entries. One question to a peer is
 * under way at a time, and an answer is one page, so a peer that is far behind costs no memory. A question that gets
 * no valid answer is asked again at growing intervals, with jitter, of that peer alone.
 *
 * <p>A peer whose ledger was replaced shows a lower height, or an entry that does not follow the one before. The audit
 * records that; here the peer begins again where its present run began, and its heights count anew.
 */
public final class EntryPuller {
    /** So many of the latest entries of a new peer are pulled; a longer history stays in that peer's ledger. */
    static final int FIRST_MAX = 1_024;

    private static final long ASK_AGAIN_MS = 200;
    private static final int DOUBLINGS_MAX = 6;

    private final String self;
    private final RandomGenerator jitter;
    private final Consumer<PeerEvent> told;
    private final Map<String, Place> places = new TreeMap<>();

    /**
     * How far the entries of a peer were passed on, which is enough to go on after a restart.
     *
     * @param run the peer's run that was known last
     * @param height of the last one; 0 if there was none
     * @param hash of that one; empty if it is not known
     * @param announced the height that the peer's heads have shown; entries can come before their head
     */
    public record Position(long run, long height, String hash, long announced) {
        /** Nothing of a peer was passed on. */
        public static final Position NONE = new Position(0, 0, "", 0);
    }

    private static final class Place {
        private long run;
        private long next;
        private String prev;
        private long known;
        /** By heads alone: on a stream the entries of a new run can overtake its head, which then is no lower than this. */
        private long announced;

        private long base;
        private long askAtMs = Long.MIN_VALUE;
        private int tries;

        private Place(Position from) {
            run = from.run();
            next = from.height() + 1;
            prev = from.hash();
            known = from.height();
            announced = from.announced();
        }

        private void restart(long at) {
            next = at;
            prev = "";
        }

        private Position position() {
            return new Position(run, next - 1, prev, announced);
        }
    }

    /**
     * Knows no peer before {@link #restore}.
     *
     * @param told receives the entries
     */
    public EntryPuller(String self, Consumer<PeerEvent> told, RandomGenerator jitter) {
        this.self = self;
        this.told = told;
        this.jitter = jitter;
    }

    /** Goes on where an earlier run ended; called before anything else. */
    public void restore(Map<String, Position> positions) {
        positions.forEach((host, position) -> places.put(host, new Place(position)));
    }

    /** Returns how far each peer's entries were passed on. */
    public Map<String, Position> positions() {
        Map<String, Position> positions = new TreeMap<>();
        places.forEach((host, place) -> positions.put(host, place.position()));
        return positions;
    }

    /** Returns how far a peer's entries were passed on; height 0 if the peer is not known. */
    public Position position(String host) {
        Place place = places.get(host);
        return place == null ? Position.NONE : place.position();
    }

    /** Returns whether every entry that the peer is known to have was passed on. */
    public boolean isCaughtUp(String host) {
        Place place = places.get(host);
        return place != null && place.next > place.known;
    }

    public void forget(Set<String> hosts) {
        places.keySet().removeAll(hosts);
    }

    /**
     * A peer says how far its ledger has come; a head that a later one has overtaken must not come here.
     *
     * @return the question to that peer that is due now
     */
    public Optional<AskEntries> head(LedgerHead head, long nowMs) {
        long height = head.height();
        long before = Math.max(0, height - FIRST_MAX);
        Place place =
                places.computeIfAbsent(head.host(), host -> new Place(new Position(head.run(), before, "", before)));
        if (head.run() < place.run) {
            // An old head that another host repeats must not make this one begin again.
            return Optional.empty();
        }
        place.known = head.run() > place.run ? height : Math.max(place.known, height);
        place.base = Math.min(head.base(), height);
        if (head.run() > place.run && height < place.announced) {
            place.restart(place.base + 1);
            place.announced = height;
        }
        place.announced = Math.max(place.announced, height);
        place.run = head.run();
        return ask(place, nowMs);
    }

    /** Returns whom to ask now, and for what. */
    public Map<String, AskEntries> ask(long nowMs) {
        Map<String, AskEntries> asks = new TreeMap<>();
        places.forEach((host, place) -> ask(place, nowMs).ifPresent(ask -> asks.put(host, ask)));
        return asks;
    }

    private Optional<AskEntries> ask(Place place, long nowMs) {
        if (place.next > place.known || nowMs < place.askAtMs) {
            return Optional.empty();
        }
        long pause = ASK_AGAIN_MS << Math.min(place.tries, DOUBLINGS_MAX);
        place.tries++;
        place.askAtMs = nowMs + pause + jitter.nextLong(pause);
        return Optional.of(new AskEntries(self, place.next, place.known));
    }

    /**
     * Processes an answer; an answer to an earlier question is ignored.
     *
     * @return the next question to that peer
     * @throws IllegalArgumentException if the peer's ledger cannot hold these entries; those before the wrong one were
     * passed on, and the rest is asked for again
     */
    public Optional<AskEntries> entries(Entries answer, long nowMs) {
        String host = answer.host();
        Place place = places.get(host);
        if (place == null || answer.from() > place.next || answer.lines().isEmpty()) {
            return Optional.empty();
        }
        long first = place.next;
        for (String line : answer.lines()) {
            Entry entry = parsed(line, place.next, host);
            if (entry.height() < first) {
                // A store of entries may begin a page earlier than this host's question.
                continue;
            }
            if (entry.height() > place.next && line.equals(answer.lines().get(0)) && entry.height() <= place.known) {
                // Its ledger no longer holds them; the audit finds out whether it still continues
                // what it signed.
                told.accept(new PeerEvent.Missed(host, place.next, entry.height() - 1));
                place.restart(entry.height());
            }
            check(entry, host, place);
            place.prev = entry.hash();
            place.next++;
            told.accept(new PeerEvent.Recorded(entry));
        }
        if (place.next == first) {
            return Optional.empty();
        }
        place.known = Math.max(place.known, place.next - 1);
        place.tries = 0;
        place.askAtMs = nowMs;
        return ask(place, nowMs);
    }

    private static Entry parsed(String line, long height, String host) {
        try {
            return EntryFormat.parse(line.getBytes(StandardCharsets.UTF_8));
        } catch (LedgerException e) {
            throw new IllegalArgumentException("entry " + height + " of " + host + " does not verify", e);
        }
    }

    private static void check(Entry entry, String host, Place place) {
        if (entry.height() != place.next || !entry.host().equals(host)) {
            throw new IllegalArgumentException("entry " + place.next + " of " + host + " belongs to another place");
        }
        if (!place.prev.isEmpty() && !entry.prev().equals(place.prev)) {
            long at = place.next;
            place.restart(Math.min(at, place.base + 1));
            throw new IllegalArgumentException("entry " + at + " of " + host
                    + " does not follow the one before; its present entries are shown from " + place.next + " on");
        }
    }
}
