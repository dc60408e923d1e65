// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * This host's conversation with its siblings: what it answers them and what it makes of what they say. For use by one
 * thread, which may wait for files.
 */
final class Siblings {
    /** More hosts than this are not listened to. */
    static final int HOSTS_MAX = 1024;

    private static final int COPIES_AT_ONCE = 256;

    private final String self;
    private final Outbox outbox;
    private final OwnLedger ledger;
    private final Mail mail;
    private final Consumer<Told> told;
    private final RandomGenerator jitter;
    private final Map<String, Inbox> inboxes = new TreeMap<>();
    private final Map<String, Beat> beats = new LinkedHashMap<>();

    /** Where messages go; what is sent may be lost. */
    interface Mail {
        void toAll(Message message);

        void to(String host, Message message);
    }

    /** The last heartbeat of a host; an older one that comes late is passed over. */
    private record Beat(long epoch, long count) {}

    Siblings(
            String self,
            Outbox outbox,
            OwnLedger ledger,
            Mail mail,
            Consumer<Told> told,
            RandomGenerator jitter,
            Map<String, Inbox.Position> known) {
        this.self = self;
        this.outbox = outbox;
        this.ledger = ledger;
        this.mail = mail;
        this.told = told;
        this.jitter = jitter;
        known.forEach((host, position) -> inboxes.put(host, new Inbox(self, host, jitter, position)));
    }

    /** How far each sibling has been told, to be given to the next run. */
    Map<String, Inbox.Position> positions() {
        Map<String, Inbox.Position> positions = new TreeMap<>();
        inboxes.forEach((host, inbox) -> inbox.position().ifPresent(position -> positions.put(host, position)));
        return positions;
    }

    boolean isCaughtUp(String host) {
        Inbox inbox = inboxes.get(host);
        return inbox != null && inbox.isCaughtUp();
    }

    /** Sends what waits, as far as one call may take. Says whether more waits. */
    boolean send() {
        List<Copy> copies = outbox.unsent(COPIES_AT_ONCE);
        if (!copies.isEmpty()) {
            mail.toAll(new Message.Copies(self, copies));
        }
        return outbox.hasUnsent();
    }

    /** Asks whoever owes something and has not been asked just now. */
    void ask(long nowMs) {
        inboxes.forEach((host, inbox) -> inbox.ask(nowMs).ifPresent(ask -> mail.to(host, ask)));
    }

    /**
     * Takes what came.
     *
     * @return whether it was a heartbeat that is news
     * @throws IllegalArgumentException if it cannot be true; it is dropped
     */
    boolean receive(Message message) throws InterruptedException {
        if (message.host().equals(self)) {
            return false;
        }
        if (message instanceof Message.AskCopies ask) {
            answer(ask);
        } else if (message instanceof Message.AskEntries ask) {
            mail.to(ask.host(), new Message.Entries(self, ask.from(), ledger.lines(ask.from(), ask.to())));
        } else {
            return listen(message);
        }
        return false;
    }

    private boolean listen(Message message) {
        Inbox inbox = inbox(message.host());
        if (inbox == null) {
            return false;
        }
        if (message instanceof Message.Heartbeat beat) {
            Beat before = beats.get(beat.host());
            if (before != null
                    && (beat.epoch() < before.epoch()
                            || (beat.epoch() == before.epoch() && beat.beat() <= before.count()))) {
                return false;
            }
            beats.put(beat.host(), new Beat(beat.epoch(), beat.beat()));
            inbox.heartbeat(beat).forEach(told);
            return true;
        }
        if (message instanceof Message.Copies copies) {
            inbox.copies(copies.copies()).forEach(told);
        } else if (message instanceof Message.Gone gone) {
            inbox.gone(gone).forEach(told);
        } else if (message instanceof Message.Entries entries) {
            inbox.entries(entries).forEach(told);
        }
        return false;
    }

    private @Nullable Inbox inbox(String host) {
        Inbox inbox = inboxes.get(host);
        if (inbox == null && inboxes.size() < HOSTS_MAX) {
            inbox = new Inbox(self, host, jitter);
            inboxes.put(host, inbox);
        }
        return inbox;
    }

    private void answer(Message.AskCopies ask) {
        Outbox.Answer answer = outbox.answer(ask, COPIES_AT_ONCE);
        answer.gone().ifPresent(gone -> mail.to(ask.host(), gone));
        if (!answer.copies().isEmpty()) {
            mail.to(ask.host(), new Message.Copies(self, answer.copies()));
        }
    }
}
