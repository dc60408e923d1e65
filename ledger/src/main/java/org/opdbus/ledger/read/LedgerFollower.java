// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.read;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.EntryFormat;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerException;

/**
 * Reads entries as they are written, by any process: the kernel reports changes of a file. For one thread.
 *
 * <p>It returns an entry when its line is complete, which can be a moment before it is known to be on disk. If the
 * disk then fails, the writer removes that entry, and the entry that replaces it is returned too.
 */
public final class LedgerFollower implements AutoCloseable {
    /** The largest number of entries read ahead; they are returned before more are read. */
    private static final int AHEAD_MAX = 1000;

    private final LedgerDirectory directory;
    private final WatchService watch;
    private final Queue<Entry> ahead = new ArrayDeque<>();
    private LedgerDirectory.Segment segment;
    private long offset;
    private long height;

    private LedgerFollower(LedgerDirectory directory, WatchService watch, long afterHeight) {
        this.directory = directory;
        this.watch = watch;
        height = afterHeight;
        segment = directory.segment(1);
        for (LedgerDirectory.Segment candidate : directory.existing()) {
            if (candidate.first() <= afterHeight + 1) {
                segment = candidate;
            }
        }
    }

    static LedgerFollower start(LedgerDirectory directory, long afterHeight) {
        try {
            WatchService watch = directory.path().getFileSystem().newWatchService();
            // Begins to watch first and reads then, so that it misses no change.
            directory
                    .path()
                    .register(watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
            return new LedgerFollower(directory, watch, afterHeight);
        } catch (IOException e) {
            throw LedgerException.io("cannot watch the ledger", directory.path(), e);
        }
    }

    /** Returns the next entry; empty if none comes within the time. */
    public Optional<Entry> next(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            if (ahead.isEmpty()) {
                readAhead();
            }
            Entry entry = ahead.poll();
            if (entry != null) {
                return Optional.of(entry);
            }
            WatchKey key = watch.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (key == null) {
                return Optional.empty();
            }
            key.pollEvents();
            if (!key.reset()) {
                throw new LedgerException(
                        LedgerException.Reason.IO,
                        "cannot follow the ledger: " + directory.path() + " no longer exists");
            }
        }
    }

    private void readAhead() {
        while (true) {
            readSegment();
            Optional<LedgerDirectory.Segment> next = following();
            if (!ahead.isEmpty() || next.isEmpty()) {
                return;
            }
            segment = next.get();
            offset = 0;
        }
    }

    private void readSegment() {
        if (!Files.exists(segment.file())) {
            return;
        }
        stepBack();
        LedgerReader.read(segment, offset, (line, bytes, from, length) -> {
            offset += length + 1;
            if (line.height > height) {
                ahead.add(EntryFormat.read(line, bytes));
            }
            return ahead.size() < AHEAD_MAX;
        });
        ahead.forEach(entry -> height = entry.height());
    }

    /** In a segment that has become shorter, lines were removed; what is written instead is new. */
    private void stepBack() {
        try {
            long size = Files.size(segment.file());
            if (size < offset) {
                offset = size;
                height = 0;
            }
        } catch (IOException e) {
            throw LedgerException.io("cannot read the segment", segment.file(), e);
        }
    }

    /** Returns the segment after the present one, once it exists: then the present one grows no more. */
    private Optional<LedgerDirectory.Segment> following() {
        List<LedgerDirectory.Segment> segments = directory.segments();
        return segments.stream().filter(next -> next.first() > segment.first()).findFirst();
    }

    @Override
    public void close() {
        try {
            watch.close();
        } catch (IOException e) {
            throw LedgerException.io("cannot stop watching the ledger", directory.path(), e);
        }
    }
}
