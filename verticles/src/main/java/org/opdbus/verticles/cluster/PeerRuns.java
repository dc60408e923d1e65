// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.opdbus.ledger.LedgerException;

/**
 * This host's conversation with its peers: how it answers them and how it processes what they send. For use by one
 * thread.
 */
final class Siblings {
    /** The largest number of hosts; messages of further hosts are ignored. */
    static final int HOSTS_MAX = Presence.HOSTS_MAX;
    /** How many bytes of copies are held for all peers together. */
    static final long ROOM_BYTES = 16L << 20;

    private static final int COPIES_AT_ONCE = 256;
    /** This many heartbeats of an earlier run may arrive after the first one of the next run. */
    private static final int OVERTAKEN_MAX = 3;

    private final String self;
    private final Outbox outbox;
    private final OwnLedger ledger;
    private final Mail mail;
    private final Consumer<Told> told;
    private final RandomGenerator jitter;
    private final Executor files;
    private final Complaints complaints = new Complaints(System::nanoTime);
    private final Room room = new Room(ROOM_BYTES);
    private final Set<String> answering = ConcurrentHashMap.newKeySet();
    private final Map<String, Inbox> inboxes = new TreeMap<>();
    private final Map<String, Beat> beats = new HashMap<>();
    private final Map<String, Behind> behind = new HashMap<>();

    /** Where messages are sent; a message may be lost. */
    interface Mail {
        void toAll(Message message);

        void to(String host, Message message);
    }

    /** The last heartbeat of a host; an older one that arrives late is ignored. */
    private record Beat(long epoch, long count) {}

    /** The heartbeats of a run that began before another run of the same host. */
    private record Behind(long epoch, long beat, long count) {}

    Siblings(
            String self,
            Outbox outbox,
            OwnLedger ledger,
            Mail mail,
            Consumer<Told> told,
            RandomGenerator jitter,
            Map<String, Inbox.Position> known) {
        this(self, outbox, ledger, mail, told, jitter, known, Runnable::run);
    }

    /**
     * Restores what is known from an earlier run.
     *
     * @param files does what must read the ledger, and drops what it has no room for; sends its answers itself
     */
    Siblings(
            String self,
            Outbox outbox,
            OwnLedger ledger,
            Mail mail,
            Consumer<Told> told,
            RandomGenerator jitter,
            Map<String, Inbox.Position> known,
            Executor files) {
        this.self = self;
        this.outbox = outbox;
        this.ledger = ledger;
        this.mail = mail;
        this.told = told;
        this.jitter = jitter;
        this.files = files;
        known.forEach((host, position) -> inboxes.put(host, new Inbox(self, host, jitter, room, position)));
    }

    /** Returns how far each peer's facts were published, for the next run. */
    Map<String, Inbox.Position> positions() {
        Map<String, Inbox.Position> positions = new TreeMap<>();
        inboxes.forEach((host, inbox) -> inbox.position().ifPresent(position -> positions.put(host, position)));
        return positions;
    }

    boolean isCaughtUp(String host) {
        Inbox inbox = inboxes.get(host);
        return inbox != null && inbox.isCaughtUp();
    }

    /** Sends waiting messages, up to the limit of one call. Returns whether more wait. */
    boolean send() {
        List<Copy> copies = outbox.unsent(COPIES_AT_ONCE);
        if (!copies.isEmpty()) {
            mail.toAll(new Message.Copies(self, copies));
        }
        return outbox.hasUnsent();
    }

    /** Asks each peer that owes something and has not been asked recently. */
    void ask(long nowMs) {
        inboxes.forEach((host, inbox) -> inbox.ask(nowMs).ifPresent(ask -> mail.to(host, ask)));
    }

    /**
     * Processes a message.
     *
     * @return whether it was a heartbeat with news
     * @throws IllegalArgumentException if it is impossible; it is dropped
     */
    boolean receive(Message message) {
        if (message.host().equals(self)) {
            beOnlyOne(message);
        } else if (message instanceof Message.AskCopies ask) {
            answer(ask);
        } else if (message instanceof Message.AskEntries ask) {
            answer(ask);
        } else if (message instanceof Message.Heartbeat beat) {
            return listen(beat);
        } else {
            listen(message);
        }
        return false;
    }

    /** A host receives its own broadcasts. A message of another run comes from another host with the same name. */
    private void beOnlyOne(Message message) {
        if (message instanceof Message.Heartbeat beat && beat.epoch() != outbox.epoch()) {
            complaints.warn(
                    self,
                    "another agent uses this host's name, " + self
                            + ", and peers accept only the one that began last; admit it under a "
                            + "name of its own, or stop it");
        }
    }

    private boolean listen(Message.Heartbeat beat) {
        Inbox inbox = inbox(beat.host());
        Beat before = beats.get(beat.host());
        if (inbox == null) {
            return false;
        }
        if (before != null && beat.epoch() < before.epoch()) {
            fallenBehind(beat, before);
            return false;
        }
        if (before != null && beat.epoch() == before.epoch() && beat.beat() <= before.count()) {
            return false;
        }
        beats.put(beat.host(), new Beat(beat.epoch(), beat.beat()));
        inbox.heartbeat(beat).forEach(told);
        return true;
    }

    private void fallenBehind(Message.Heartbeat beat, Beat known) {
        Behind before = behind.getOrDefault(beat.host(), new Behind(beat.epoch(), 0, 0));
        boolean goesOn =
                beat.epoch() > before.epoch() || (beat.epoch() == before.epoch() && beat.beat() > before.beat());
        if (!goesOn) {
            return;
        }
        long count = before.count() + 1;
        behind.put(beat.host(), new Behind(beat.epoch(), beat.beat(), count));
        if (count > OVERTAKEN_MAX) {
            complaints.warn(
                    beat.host(),
                    count + " heartbeats of " + beat.host()
                            + " were ignored, and so are the facts of that run, which is of "
                            + Instant.ofEpochMilli(beat.epoch()) + ": a run of "
                            + Instant.ofEpochMilli(known.epoch())
                            + " is known; if its clock was set back or its /var/lib/op-dbus "
                            + "restored, correct the clock and restart its agent; if two hosts "
                            + "have that name, admit one of them under another");
        }
    }

    /** Returns how many heartbeats of a host were ignored because a later run of it is known. */
    long passedOver(String host) {
        return Optional.ofNullable(behind.get(host)).map(Behind::count).orElse(0L);
    }

    /** Only hosts that have sent a heartbeat are accepted. */
    private void listen(Message message) {
        Inbox inbox = inboxes.get(message.host());
        if (inbox == null) {
            return;
        }
        if (message instanceof Message.Copies copies) {
            inbox.copies(copies.copies()).forEach(told);
        } else if (message instanceof Message.Gone gone) {
            inbox.gone(gone).forEach(told);
        } else if (message instanceof Message.Entries entries) {
            inbox.entries(entries).forEach(told);
        }
    }

    private @Nullable Inbox inbox(String host) {
        Inbox inbox = inboxes.get(host);
        if (inbox == null && inboxes.size() < HOSTS_MAX) {
            inbox = new Inbox(self, host, jitter, room);
            inboxes.put(host, inbox);
        }
        return inbox;
    }

    /** Forgets these hosts until a new heartbeat arrives. */
    void forget(Set<String> hosts) {
        for (String host : hosts) {
            Optional.ofNullable(inboxes.remove(host)).ifPresent(Inbox::close);
            beats.remove(host);
            behind.remove(host);
        }
    }

    /** Returns how many bytes of peers' copies are held. */
    long held() {
        return room.taken();
    }

    /** Only one request of each host at a time: it asks again when it has waited too long. */
    private void answer(Message.AskEntries ask) {
        if (answering.add(ask.host())) {
            try {
                files.execute(() -> read(ask));
            } catch (RejectedExecutionException full) {
                answering.remove(ask.host());
            }
        }
    }

    private void read(Message.AskEntries ask) {
        try {
            mail.to(ask.host(), new Message.Entries(self, ask.from(), ledger.lines(ask.from(), ask.to())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (LedgerException e) {
            complaints.warn(self, "entries that " + ask.host() + " asked for cannot be read: " + e.getMessage());
        } finally {
            answering.remove(ask.host());
        }
    }

    private void answer(Message.AskCopies ask) {
        Outbox.Answer answer = outbox.answer(ask, COPIES_AT_ONCE);
        answer.gone().ifPresent(gone -> mail.to(ask.host(), gone));
        if (!answer.copies().isEmpty()) {
            mail.to(ask.host(), new Message.Copies(self, answer.copies()));
        }
    }
}
