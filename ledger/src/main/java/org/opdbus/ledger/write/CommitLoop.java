// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.write;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.Ledger;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.text.EntryTime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ledger's writing thread: it writes waiting drafts to disk, one sync at a time, and survives failures. */
final class CommitLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(CommitLoop.class);
    private static final HexFormat HEX = HexFormat.of();
    private static final Duration RETRY_MIN = Duration.ofMillis(100);
    private static final Duration RETRY_MAX = Duration.ofSeconds(10);

    private final LedgerOptions options;
    private final Backlog backlog;
    private final Acknowledger acknowledger;
    private final SegmentWriter segment;
    private long height;
    private byte[] hash;
    private Optional<Batch> underway = Optional.empty();
    private volatile Optional<Ledger.Head> head = Optional.empty();
    private final AtomicLong count = new AtomicLong();

    CommitLoop(LedgerOptions options, Backlog backlog, CheckpointWriter checkpoints, LedgerOpener.Opened opened) {
        this.options = options;
        this.backlog = backlog;
        acknowledger = new Acknowledger(opened.leaves(), checkpoints, backlog::recycle);
        segment = opened.writer();
        height = opened.report().entries();
        hash = opened.hash();
        if (height > 0) {
            head = Optional.of(new Ledger.Head(height, HEX.formatHex(hash)));
        }
    }

    Optional<Ledger.Head> head() {
        return head;
    }

    /** Returns how many syncs have written entries to disk. */
    long count() {
        return count.get();
    }

    @Override
    public void run() {
        try {
            loop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            giveUp("it was interrupted");
        } catch (RuntimeException | Error e) {
            LOG.error("the ledger's writing thread failed dir={}", options.dir(), e);
            giveUp("its writing thread failed: " + e);
        } finally {
            acknowledger.close();
            try {
                segment.close();
            } catch (IOException e) {
                LOG.warn("segment not closed dir={} reason={}", options.dir(), LedgerException.inWords(e));
            }
        }
    }

    private void loop() throws InterruptedException {
        Optional<Batch> next = backlog.take();
        while (next.isPresent()) {
            Batch batch = next.get();
            try {
                commit(batch);
            } catch (IOException e) {
                recover(e, fail(batch, e));
            }
            next = backlog.take();
        }
    }

    /** Writes a batch to disk and reports it. After a failure none of its entries is acknowledged. */
    private void commit(Batch batch) throws IOException, InterruptedException {
        underway = Optional.of(batch);
        segment.commit(batch);
        count.incrementAndGet();
        height = batch.lastHeight();
        hash = batch.hash();
        head = Optional.of(new Ledger.Head(height, HEX.formatHex(hash)));
        underway = Optional.empty();
        acknowledger.acknowledge(batch, !backlog.isEmpty());
    }

    /** Fails the entries of a batch, and returns how many facts that loses. */
    private static long fail(Batch batch, IOException cause) {
        return batch.fail(LedgerException.Reason.DEGRADED, LedgerException.inWords(cause), Optional.of(cause));
    }

    /** Refuses drafts until the disk accepts them again, then records how many were lost. */
    private void recover(IOException cause, long lostAtFirst) throws InterruptedException {
        String since = EntryTime.write(options.clock().instant());
        IOException failure = cause;
        long lost = lostAtFirst;
        Duration pause = RETRY_MIN;
        while (true) {
            String reason = "the ledger " + options.dir() + " cannot be written: " + LedgerException.inWords(failure);
            for (Batch waiting : backlog.refuse(reason)) {
                lost += fail(waiting, failure);
            }
            takeBack();
            if (pause.equals(RETRY_MIN)) {
                LOG.error("ledger degraded dir={} reason={}", options.dir(), LedgerException.inWords(failure));
                options.listener().degraded(reason);
            }
            if (backlog.awaitClosed(jittered(pause))) {
                return;
            }
            Batch again = admit(cause, since, lost);
            try {
                segment.rollBack();
                commit(again);
                LOG.info("ledger recovered dir={} lost={}", options.dir(), again.lost());
                options.listener().recovered(again.lost());
                return;
            } catch (IOException e) {
                failure = e;
                lost = fail(again, e);
                pause = pause.multipliedBy(2).compareTo(RETRY_MAX) < 0 ? pause.multipliedBy(2) : RETRY_MAX;
            }
        }
    }

    private Batch admit(IOException cause, String since, long lostBefore) {
        return backlog.admit(
                new Backlog.OnDisk(height, hash, segment.bytesOnDisk()),
                lostBefore,
                lost -> new Draft(
                        "ledger.recovered",
                        "ledger",
                        Map.of("lost", lost, "reason", LedgerException.inWords(cause), "since", since)));
    }

    /**
     * Removes half-written lines, so that readers do not see them. If even that fails, the next attempt begins with
     * it.
     */
    private void takeBack() {
        try {
            segment.rollBack();
        } catch (IOException e) {
            LOG.warn("half-written entries not removed dir={} reason={}", options.dir(), LedgerException.inWords(e));
        }
    }

    /** Random, so that several ledgers on one full disk do not all retry at once. */
    private static Duration jittered(Duration pause) {
        long millis = pause.toMillis();
        return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    }

    private void giveUp(String why) {
        backlog.close();
        String reason = "the ledger " + options.dir() + " is no longer written: " + why + "; restart the agent";
        List<Batch> left = new ArrayList<>();
        underway.ifPresent(left::add);
        left.addAll(backlog.refuse(reason));
        left.forEach(batch -> batch.fail(LedgerException.Reason.CLOSED, reason, Optional.empty()));
        options.listener().degraded(reason);
    }
}
