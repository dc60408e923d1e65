// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.verify;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.NotRegularFileException;
import org.opdbus.ledger.read.Chunk;
import org.opdbus.ledger.read.ChunkReader;
import org.opdbus.ledger.text.Sha256;

/**
 * Reads a ledger, or the end of one, and checks everything that its bytes alone show: the form and the hash of each
 * line, heights, the chain, names and joins of segments. It trusts no file but the segments. All processors check
 * lines; the caller's thread joins the results in order.
 */
public final class LedgerScan {
    /** Receives valid lines, in order. */
    public interface Visitor {
        /**
         * Some lines of a segment are valid.
         *
         * @param checked the lines
         * @param first the height of the first of them
         */
        void lines(Chunk.Checked checked, long first);
    }

    /** What follows the last whole line of the last segment. */
    // A carrier that is never compared; a list of bytes would cost a copy.
    @SuppressWarnings("ArrayRecordComponent")
    public record Torn(LedgerDirectory.Segment segment, long offset, byte[] bytes) {}

    /**
     * The result of the scan.
     *
     * @param height of the last valid entry
     * @param hash of that entry
     * @param bytes how many bytes are valid
     * @param clockSteps how many entries are older than the one before
     */
    // A carrier that is never compared; a list of bytes would cost a copy.
    @SuppressWarnings("ArrayRecordComponent")
    public record Outcome(
            long height, byte[] hash, long bytes, long clockSteps, Optional<Finding> finding, Optional<Torn> torn) {}

    private static final long SMALL_BYTES = 2L * 1024 * 1024;

    private final List<LedgerDirectory.Segment> segments;
    private final Visitor visitor;
    /** The results that are still to be joined, in order. */
    private final Deque<Runnable> underway = new ArrayDeque<>();

    private final int workers = Runtime.getRuntime().availableProcessors();

    private long height;
    private byte[] hash;
    private long bytes;
    private long clockSteps;
    private Optional<Finding> finding = Optional.empty();
    private Optional<Torn> torn = Optional.empty();

    /**
     * Creates a scan.
     *
     * @param segments what to read, in order
     * @param height of the entry before the first segment
     * @param hash of that entry
     */
    public LedgerScan(List<LedgerDirectory.Segment> segments, long height, byte[] hash, Visitor visitor) {
        this.segments = segments;
        this.height = height;
        this.hash = hash;
        this.visitor = visitor;
    }

    /** Creates a scan of everything. */
    static LedgerScan whole(List<LedgerDirectory.Segment> segments, Visitor visitor) {
        return new LedgerScan(segments, 0, new byte[Sha256.BYTES], visitor);
    }

    public Outcome run() {
        if (workers == 1 || isSmall()) {
            return run(Runnable::run);
        }
        ExecutorService pool = Executors.newFixedThreadPool(workers, task -> {
            Thread thread = new Thread(task, "ledger-check");
            thread.setDaemon(true);
            return thread;
        });
        try {
            return run(pool);
        } finally {
            pool.shutdownNow();
        }
    }

    /** Returns whether dividing the work would cost more than it saves. */
    private boolean isSmall() {
        long total = 0;
        for (LedgerDirectory.Segment segment : segments) {
            total += segment.file().toFile().length();
        }
        return total < SMALL_BYTES;
    }

    private Outcome run(Executor executor) {
        for (int i = 0; i < segments.size() && finding.isEmpty(); i++) {
            segment(segments.get(i), i == segments.size() - 1, executor);
        }
        joinAllBut(0);
        return new Outcome(height, hash, bytes, clockSteps, finding, torn);
    }

    /** Reads a segment while the earlier ones are still being checked. */
    private void segment(LedgerDirectory.Segment segment, boolean last, Executor executor) {
        underway.add(() -> begin(segment));
        try (ChunkReader reader = new ChunkReader(segment)) {
            Optional<Chunk> chunk = reader.next();
            while (chunk.isPresent() && finding.isEmpty()) {
                FutureTask<Chunk.Checked> check = new FutureTask<>(chunk.get()::check);
                executor.execute(check);
                underway.add(() -> join(check));
                joinAllBut(2 * workers);
                chunk = reader.next();
            }
            Torn rest = new Torn(segment, reader.offset(), reader.rest());
            underway.add(() -> end(rest, last));
        } catch (NotRegularFileException e) {
            joinAllBut(0);
            if (finding.isEmpty()) {
                found(Verification.Verdict.DAMAGED, segment, 0, String.valueOf(e.getReason()));
            }
        } catch (IOException e) {
            // Errors before this segment must be reported first.
            joinAllBut(0);
            if (finding.isEmpty()) {
                throw LedgerException.io("cannot read the segment", segment.file(), e);
            }
        }
    }

    private void joinAllBut(int left) {
        while (underway.size() > left && finding.isEmpty()) {
            underway.remove().run();
        }
    }

    private void begin(LedgerDirectory.Segment segment) {
        if (segment.first() != height + 1) {
            misplaced(segment);
        }
    }

    private void end(Torn rest, boolean last) {
        if (rest.bytes().length > 0 && !last) {
            found(
                    Verification.Verdict.DAMAGED,
                    rest.segment(),
                    rest.offset(),
                    "the line is cut off, although another segment follows");
        } else if (rest.bytes().length > 0) {
            torn = Optional.of(rest);
        }
    }

    private void misplaced(LedgerDirectory.Segment segment) {
        if (segment.first() > height + 1) {
            found(
                    Verification.Verdict.MISSING_ENTRIES,
                    segment,
                    0,
                    "entries " + (height + 1) + " to " + (segment.first() - 1) + " are missing before this segment");
        } else {
            found(
                    Verification.Verdict.DAMAGED,
                    segment,
                    0,
                    "the name of this segment says that it begins with entry " + segment.first());
        }
    }

    private void join(Future<Chunk.Checked> future) {
        Chunk.Checked checked = result(future);
        Chunk chunk = checked.chunk();
        if (checked.good() > 0 && checked.firstHeight() != height + 1) {
            found(
                    Verification.Verdict.DAMAGED,
                    chunk.segment(),
                    chunk.offset(),
                    "expected height " + (height + 1) + ", found " + checked.firstHeight());
            return;
        }
        if (checked.good() > 0 && !Arrays.equals(checked.firstPrev(), hash)) {
            found(
                    Verification.Verdict.DAMAGED,
                    chunk.segment(),
                    chunk.offset(),
                    "its prev is not the hash of the entry before");
            return;
        }
        if (checked.good() > 0) {
            visitor.lines(checked, height + 1);
            height += checked.good();
            hash = checked.lastHash();
            bytes += checked.goodBytes();
            clockSteps += checked.clockSteps();
        }
        if (checked.problem() != null) {
            found(
                    Verification.Verdict.DAMAGED,
                    chunk.segment(),
                    chunk.offset() + checked.goodBytes(),
                    checked.problem());
        }
    }

    private static Chunk.Checked result(Future<Chunk.Checked> future) {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException(LedgerException.Reason.IO, "reading the ledger was interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("checking lines failed", e.getCause());
        }
    }

    private void found(Verification.Verdict verdict, LedgerDirectory.Segment segment, long offset, String what) {
        finding = Optional.of(new Finding(verdict, height + 1, segment.file(), offset, what));
    }
}
