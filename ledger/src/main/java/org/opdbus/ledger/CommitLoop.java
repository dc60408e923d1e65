// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ledger's writing thread: turns what waits into entries, one sync at a time, and lives through failures. */
final class CommitLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(CommitLoop.class);
    private static final HexFormat HEX = HexFormat.of();

    /** As much as goes into one write: enough to make the sync cheap, and little enough to be quick. */
    private static final int COMMIT_BYTES_MAX = 4 * 1024 * 1024;

    private static final Duration RETRY_MIN = Duration.ofMillis(100);
    private static final Duration RETRY_MAX = Duration.ofSeconds(10);

    private final LedgerOptions options;
    private final DraftQueue queue;
    private final CheckpointWriter checkpoints;
    private final SegmentWriter segment;
    private final MerkleRange tree;
    private final LineWriter lines;
    private final EntryTime.Writer times = new EntryTime.Writer();
    private byte[] hash;
    private volatile Optional<Ledger.Head> head;
    private final AtomicLong count = new AtomicLong();

    CommitLoop(LedgerOptions options, DraftQueue queue, CheckpointWriter checkpoints, LedgerOpener.Opened opened) {
        this.options = options;
        this.queue = queue;
        this.checkpoints = checkpoints;
        segment = opened.writer();
        tree = opened.tree();
        hash = opened.hash();
        lines = new LineWriter(options.host());
        head = tree.size() == 0 ? Optional.empty() : Optional.of(new Ledger.Head(tree.size(), HEX.formatHex(hash)));
        if (tree.size() > opened.checkpoint().size()) {
            checkpoints.cover(tree.copy());
        }
    }

    Optional<Ledger.Head> head() {
        return head;
    }

    /** How many syncs have put entries onto disk. */
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
            try {
                segment.close();
            } catch (IOException e) {
                LOG.warn("segment not closed dir={} reason={}", options.dir(), LedgerException.inWords(e));
            }
        }
    }

    private void loop() throws InterruptedException {
        while (true) {
            List<DraftQueue.Pending> batch = queue.take(COMMIT_BYTES_MAX);
            if (batch.isEmpty()) {
                return;
            }
            long overflowed = queue.takeOverflowed();
            if (overflowed > 0) {
                LOG.warn("drafts refused, more wait than may dir={} lost={}", options.dir(), overflowed);
                batch.add(ours("ledger.overflowed", Map.of("lost", overflowed)));
            }
            try {
                commit(batch);
            } catch (IOException e) {
                recover(e, fail(batch, e) + overflowed);
            }
        }
    }

    /** Writes drafts, in one commit unless a segment ends among them. Those that fail are the ones left incomplete. */
    private void commit(List<DraftQueue.Pending> batch) throws IOException {
        int done = 0;
        while (done < batch.size()) {
            done += commitSome(batch.subList(done, batch.size()));
        }
    }

    private int commitSome(List<DraftQueue.Pending> batch) throws IOException {
        // What an entry has besides its draft is under this; a segment may end a little early.
        int overhead = 400 + options.host().length();
        if (segment.bytesOnDisk() > 0
                && segment.bytesOnDisk() + batch.get(0).draft().bytes() + overhead > options.segmentBytesMax()) {
            segment.rotate(new LeavesFile.Start(tree.size(), hash, tree.copy()));
        }
        long room = options.segmentBytesMax() - segment.bytesOnDisk();
        List<Entry> entries = new ArrayList<>(batch.size());
        List<byte[]> leaves = new ArrayList<>(batch.size());
        byte[] prev = hash;
        String prevHex = HEX.formatHex(hash);
        lines.clear();
        for (DraftQueue.Pending pending : batch) {
            if (!entries.isEmpty() && lines.length() + pending.draft().bytes() + overhead > room) {
                break;
            }
            long height = tree.size() + entries.size() + 1;
            Instant time = EntryTime.truncate(options.clock().instant());
            LineWriter.Written written = lines.write(pending.draft(), height, times.write(time), prev);
            String own = HEX.formatHex(written.hash());
            entries.add(entry(pending.draft().draft(), height, time, prevHex, own));
            prevHex = own;
            leaves.add(written.leaf());
            prev = written.hash();
        }
        segment.commit(lines.bytes(), lines.length(), joined(leaves));
        count.incrementAndGet();
        leaves.forEach(tree::add);
        hash = prev;
        head = Optional.of(new Ledger.Head(tree.size(), prevHex));
        checkpoints.cover(tree.copy());
        for (int i = 0; i < entries.size(); i++) {
            batch.get(i).entry().complete(entries.get(i));
        }
        return entries.size();
    }

    private Entry entry(Draft draft, long height, Instant time, String prev, String own) {
        return new Entry(height, time, options.host(), draft.kind(), draft.subject(), draft.data(), prev, own);
    }

    private static byte[] joined(List<byte[]> hashes) {
        byte[] joined = new byte[hashes.size() * Sha256.BYTES];
        for (int i = 0; i < hashes.size(); i++) {
            System.arraycopy(hashes.get(i), 0, joined, i * Sha256.BYTES, Sha256.BYTES);
        }
        return joined;
    }

    /** Fails whatever of a batch is not on disk, and says how many drafts of others that were. */
    private static long fail(List<DraftQueue.Pending> batch, IOException cause) {
        long failed = 0;
        for (DraftQueue.Pending pending : batch) {
            LedgerException failure = new LedgerException(
                    LedgerException.Reason.DEGRADED,
                    "cannot record a " + pending.draft().draft().kind() + ": " + LedgerException.inWords(cause),
                    cause);
            if (pending.entry().completeExceptionally(failure) && !pending.own()) {
                failed++;
            }
        }
        return failed;
    }

    private static DraftQueue.Pending ours(String kind, Map<String, Object> data) {
        return new DraftQueue.Pending(
                EntryFormat.prepare(new Draft(kind, "ledger", data)), new CompletableFuture<>(), true);
    }

    /** Refuses drafts until the disk takes them again, then records how many were lost. */
    private void recover(IOException cause, long lostAtFirst) throws InterruptedException {
        String since = EntryTime.write(options.clock().instant());
        IOException failure = cause;
        long lost = lostAtFirst;
        Duration pause = RETRY_MIN;
        while (true) {
            String reason = "the ledger " + options.dir() + " cannot be written: " + LedgerException.inWords(failure);
            lost += fail(queue.refuse(reason), failure);
            takeBack();
            if (pause.equals(RETRY_MIN)) {
                LOG.error("ledger degraded dir={} reason={}", options.dir(), LedgerException.inWords(failure));
                options.listener().degraded(reason);
            }
            if (queue.awaitClosed(jittered(pause))) {
                return;
            }
            lost += queue.admit() + queue.takeOverflowed();
            try {
                segment.rollBack();
                commit(List.of(ours(
                        "ledger.recovered",
                        Map.of("lost", lost, "reason", LedgerException.inWords(cause), "since", since))));
                LOG.info("ledger recovered dir={} lost={}", options.dir(), lost);
                options.listener().recovered(lost);
                return;
            } catch (IOException e) {
                failure = e;
                pause = pause.multipliedBy(2).compareTo(RETRY_MAX) < 0 ? pause.multipliedBy(2) : RETRY_MAX;
            }
        }
    }

    /** Leaves no half-written line for readers to wonder about. Where even that fails, the next attempt begins with it. */
    private void takeBack() {
        try {
            segment.rollBack();
        } catch (IOException e) {
            LOG.warn("half-written entries not taken back dir={} reason={}", options.dir(), LedgerException.inWords(e));
        }
    }

    /** So that several ledgers on one full disk do not all try at once. */
    private static Duration jittered(Duration pause) {
        long millis = pause.toMillis();
        return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    }

    private void giveUp(String why) {
        queue.close();
        String reason = "the ledger " + options.dir() + " is not written any more: " + why + "; restart the agent";
        List<DraftQueue.Pending> left = queue.refuse(reason);
        left.forEach(pending ->
                pending.entry().completeExceptionally(new LedgerException(LedgerException.Reason.CLOSED, reason)));
        options.listener().degraded(reason);
    }
}
