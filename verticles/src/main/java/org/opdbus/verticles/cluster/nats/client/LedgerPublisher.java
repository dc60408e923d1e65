// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import io.nats.client.PublishOptions;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.ledger.LedgerException;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.cluster.nats.LedgerOutbox;
import org.opdbus.verticles.cluster.nats.Subjects;
import org.opdbus.verticles.limits.Backoff;
import org.opdbus.verticles.limits.TaskThread;

/**
 * Publishes this host's ledger into the stream, from where the stream ends, and then the head. The ledger is the outbox: one
 * page is under way at a time, and nothing else is held. The server takes a page only directly after the one before, so
 * that the stream has no gap in a host's entries that the ledger does not have.
 *
 * <p>A stream that holds nothing of this ledger, or holds another one of this host, gets the last {@value #REBUILT_MAX}
 * entries. If it takes none, for any reason, the heads are published even so, and other hosts ask this one. For the thread
 * of the link.
 */
final class LedgerPublisher {
    static final long REBUILT_MAX = 8_192;

    /** A head that comes before its entries makes every host ask for them; but the head must not wait long. */
    private static final long HEAD_WAITS_MS = 300;

    private static final Backoff RETRY = new Backoff(500, 30_000);

    private final String self;
    private final Subjects subjects;
    private final LedgerOutbox outbox;
    private final Outlet outlet;
    private final StoredMessages stored;
    private final TaskThread thread;
    private final PeerWarnings warnings;
    private final Runnable failed;

    /** Where the stream ends; null while that is not known. */
    private @Nullable Position end;

    private @Nullable Buffer head;
    private long underWayTo;
    private boolean isBusy;
    private boolean isClosed;
    private int failures;

    /**
     * The last entry in the stream.
     *
     * @param sequence of its message; 0 if there is none
     */
    private record Position(long height, long sequence) {}

    /**
     * Publishes nothing before {@link #begin}.
     *
     * @param failed called when the stream did not take something, as one does that is missing
     */
    LedgerPublisher(
            String self,
            Subjects subjects,
            LedgerOutbox outbox,
            Outlet outlet,
            StoredMessages stored,
            TaskThread thread,
            PeerWarnings warnings,
            Runnable failed) {
        this.self = self;
        this.subjects = subjects;
        this.outbox = outbox;
        this.outlet = outlet;
        this.stored = stored;
        this.thread = thread;
        this.warnings = warnings;
        this.failed = failed;
    }

    /** Finds out where the stream ends, and goes on from there. */
    void begin() {
        if (!isBusy && !isClosed && end == null) {
            isBusy = true;
            var unused = stored.last(subjects.entries(self))
                    .whenCompleteAsync(
                            (last, failure) -> found(last == null ? Optional.empty() : last, failure), thread);
        }
    }

    /** Ends; a page that is under way may still arrive. */
    void close() {
        isClosed = true;
    }

    /** Publishes a head, after the entries that it tells of if that is possible soon. */
    void publish(Buffer newest) {
        boolean isWaiting = head != null;
        head = newest;
        step();
        if (head != null && !isWaiting) {
            var unused = thread.after(HEAD_WAITS_MS, this::show);
        }
    }

    private void show() {
        Buffer waiting = head;
        if (waiting != null && !isClosed) {
            head = null;
            var unused = outlet.store(
                            subjects.head(self),
                            new Headers(),
                            waiting,
                            PublishOptions.builder().build())
                    .whenCompleteAsync(
                            (kept, failure) -> {
                                if (failure != null) {
                                    failed.run();
                                }
                            },
                            thread);
        }
    }

    private void found(Optional<StoredMessages.Stored> last, @Nullable Throwable failure) {
        isBusy = false;
        if (failure != null) {
            retry("where its entries end cannot be read", failure);
            return;
        }
        try {
            end = last.map(this::position).orElse(new Position(0, 0));
        } catch (LedgerException e) {
            retry("this host's ledger cannot be read", e);
            return;
        }
        step();
    }

    /** Where to go on after the last message: from the start of what is rebuilt, if it is not of this ledger. */
    private Position position(StoredMessages.Stored last) {
        PageMark mark = PageMark.of(last.headers());
        boolean isOfThisLedger = mark.last() > 0
                && outbox.hash(mark.last()).filter(mark.hash()::equals).isPresent();
        return new Position(isOfThisLedger ? mark.last() : 0, last.sequence());
    }

    private void step() {
        try {
            publishNext();
        } catch (LedgerException e) {
            retry("this host's ledger cannot be read", e);
        }
        if (head != null && (end == null || underWayTo >= outbox.height())) {
            show();
        }
    }

    private void publishNext() {
        Position after = end;
        if (after == null || isBusy || isClosed) {
            return;
        }
        underWayTo = Math.max(underWayTo, after.height());
        long height = outbox.height();
        long from = after.height() > 0 ? after.height() + 1 : Math.max(1, height - REBUILT_MAX + 1);
        Optional<LedgerOutbox.Page> next = from > height ? Optional.empty() : outbox.page(from);
        if (next.isEmpty()) {
            return;
        }
        LedgerOutbox.Page page = next.get();
        isBusy = true;
        underWayTo = page.last();
        var unused = outlet.store(
                        subjects.entries(self),
                        new PageMark(page.first(), page.last(), page.hash()).headers(),
                        page.message(),
                        PublishOptions.builder()
                                .expectedLastSubjectSequence(after.sequence())
                                .messageId(self + ":" + page.first())
                                .build())
                .whenCompleteAsync((kept, failure) -> kept(page, kept, failure), thread);
    }

    private void kept(LedgerOutbox.Page page, @Nullable PublishAck kept, @Nullable Throwable failure) {
        isBusy = false;
        if (kept == null || failure != null) {
            retry("the NATS servers did not keep entries of this host", failure);
        } else if (kept.isDuplicate()) {
            // An earlier attempt arrived after all, perhaps with fewer entries.
            retry("the NATS servers had kept entries of this host already", null);
        } else {
            failures = 0;
            end = new Position(page.last(), kept.getSeqno());
            step();
        }
    }

    private void retry(String what, @Nullable Throwable failure) {
        end = null;
        underWayTo = 0;
        if (isClosed || !outlet.isOpen()) {
            return;
        }
        failures++;
        if (failure != null) {
            warnings.warn(
                    "nats entries " + what,
                    what + ", trying again; other hosts ask this one for them meanwhile: " + NatsFailures.of(failure));
            failed.run();
        }
        show();
        var unused = thread.after(RETRY.delayMs(failures), this::begin);
    }
}
