// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.entries;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.opdbus.ledger.Entry;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.cluster.wire.Message.AskEntries;
import org.opdbus.verticles.cluster.wire.Message.Entries;
import org.opdbus.verticles.cluster.wire.MessageSender;
import org.opdbus.verticles.cluster.wire.Wire;

/**
 * Answers peers that request entries of this host's ledger: one page of {@link LedgerPages} for each question, with at most
 * {@value Wire#BATCH_BYTES_MAX} bytes, or one entry.
 *
 * <p>Overflow rule: one question of each peer waits; another one is dropped, and the peer asks again. After a commit
 * all peers ask for the same page, so the last page is held. Safe for use by any thread.
 */
public final class EntryServer {
    private final String self;
    private final LedgerPages pages;
    private final MessageSender sender;
    private final Executor files;
    private final PeerWarnings warnings;
    private final Set<String> answering = ConcurrentHashMap.newKeySet();
    private volatile Answer last = new Answer(-1, new Entries("", 0, List.of()));

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
        pages = new LedgerPages(dir, onDisk);
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
        long end = Math.min(to, pages.height());
        Answer held = last;
        if (held.to() != end || held.entries().from() != from) {
            // As JSON text a line takes more bytes than in the file. A single line always fits: the ledger accepts none
            // over 256 KiB, and no character of a line becomes more than two.
            List<String> lines = pages.read(from, end, Wire.BATCH_BYTES_MAX).stream()
                    .map(Entry::line)
                    .toList();
            held = new Answer(end, new Entries(self, from, lines));
            last = held;
        }
        return held.entries();
    }
}
