// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.entries;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.cluster.wire.JsonSize;
import org.opdbus.verticles.cluster.wire.Message.AskEntries;
import org.opdbus.verticles.cluster.wire.Message.Entries;
import org.opdbus.verticles.cluster.wire.MessageSender;
import org.opdbus.verticles.cluster.wire.Wire;

/**
 * Answers peers that request entries of this host's ledger. Only entries that are on disk are sent, one page for each
 * question: at most {@value #LINES_MAX} lines and {@value Wire#BATCH_BYTES_MAX} bytes, or one line.
 *
 * <p>Overflow rule: one question of each peer waits; another one is dropped, and the peer asks again. After a commit
 * all peers ask for the same page, so the last page is held. Safe for use by any thread.
 */
public final class EntryServer {
    private static final int LINES_MAX = 256;

    private final String self;
    private final Path dir;
    private final LongSupplier onDisk;
    private final MessageSender sender;
    private final Executor files;
    private final PeerWarnings warnings;
    private final Set<String> answering = ConcurrentHashMap.newKeySet();
    private volatile Answer last = new Answer(0, new Entries("", 0, List.of()));

    /** The answer to a question about entries up to a height. */
    private record Answer(long to, Entries entries) {}

    /**
     * Serves the ledger in a folder.
     *
     * @param onDisk the height of the last entry on disk
     * @param files the thread that reads files; may refuse
     */
    public EntryServer(
            String self, Path dir, LongSupplier onDisk, MessageSender sender, Executor files, PeerWarnings warnings) {
        this.self = self;
        this.dir = dir;
        this.onDisk = onDisk;
        this.sender = sender;
        this.files = files;
        this.warnings = warnings;
    }

    /** Answers, later and on another thread. */
    public void ask(AskEntries ask) {
        if (answering.add(ask.host())) {
            try {
                files.execute(() -> answer(ask));
            } catch (RejectedExecutionException full) {
                answering.remove(ask.host());
            }
        }
    }

    private void answer(AskEntries ask) {
        try {
            sender.to(ask.host(), entries(ask.from(), ask.to()));
        } catch (RuntimeException e) {
            // Whatever is wrong with a file, the thread answers the other peers.
            warnings.warn(self, "entries that " + ask.host() + " asked for cannot be read: " + e);
        } finally {
            answering.remove(ask.host());
        }
    }

    /** Returns the first lines from a height on that are there, in order, as many as one message takes. */
    Entries entries(long from, long to) {
        long end = Math.min(to, onDisk.getAsLong());
        Answer held = last;
        if (held.to() != end || held.entries().from() != from) {
            held = new Answer(end, new Entries(self, from, from >= 1 && from <= end ? lines(from, end) : List.of()));
            last = held;
        }
        return held.entries();
    }

    private List<String> lines(long from, long to) {
        LedgerReader ledger = LedgerReader.of(dir);
        if (to - from < LINES_MAX) {
            // The usual question after a commit. From the end of the file, a few lines are read; from
            // the beginning of the segment, all.
            Page latest = new Page(from);
            ledger.tail(2 * (to - from + 1), entry -> latest.add(entry, to));
            if (latest.isFound) {
                return latest.lines;
            }
        }
        Page page = new Page(from);
        ledger.range(from, to, entry -> page.add(entry, to));
        return page.lines;
    }

    /** Takes entries from a height on, as many as one message has place for. */
    private static final class Page {
        private final long from;
        private final List<String> lines = new ArrayList<>();
        private long bytes;
        private boolean isFound;
        private boolean isFull;

        private Page(long from) {
            this.from = from;
        }

        /** Returns whether there is place for more. */
        private boolean add(Entry entry, long to) {
            isFound |= entry.height() == from;
            if (!isFull && entry.height() >= from && entry.height() <= to) {
                String line = entry.line();
                // As JSON text a line takes more bytes than in the file. A single line always fits:
                // the ledger accepts none over 256 KiB, and no character of a line becomes more
                // than two.
                bytes += JsonSize.ofText(line) + 1;
                isFull = bytes > Wire.BATCH_BYTES_MAX && !lines.isEmpty();
                if (!isFull) {
                    lines.add(line);
                }
                isFull |= lines.size() == LINES_MAX;
            }
            return !isFull;
        }
    }
}
