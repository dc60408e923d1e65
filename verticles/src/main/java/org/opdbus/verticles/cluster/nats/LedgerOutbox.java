// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats;

import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.verticles.cluster.wire.JsonSize;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.MessageSigner;
import org.opdbus.verticles.cluster.wire.SignedMessage;

/**
 * This host's ledger as what is still to be published: pages of entries that are on disk, as signed messages. Reads files,
 * so it is for threads that may wait. Every method throws {@link LedgerException} if the ledger cannot be read.
 */
public final class LedgerOutbox {
    private static final int LINES_MAX = 256;
    private static final long BYTES_MAX = 64L << 10;

    private final String self;
    private final Path dir;
    private final LongSupplier onDisk;
    private final MessageSigner signer;

    /**
     * A page of entries without a gap.
     *
     * @param first the height of its first entry
     * @param last the height of its last one
     * @param hash of the last one
     * @param message the page, signed
     */
    public record Page(long first, long last, String hash, Buffer message) {}

    /**
     * Reads the ledger in a folder.
     *
     * @param onDisk the height of the last entry on disk
     */
    public LedgerOutbox(String self, Path dir, LongSupplier onDisk, MessageSigner signer) {
        this.self = self;
        this.dir = dir;
        this.onDisk = onDisk;
        this.signer = signer;
    }

    /** Returns the height of the last entry on disk. */
    public long height() {
        return onDisk.getAsLong();
    }

    /** Returns the hash of an entry; empty if the ledger does not hold it. */
    public Optional<String> hash(long height) {
        return read(height, height).stream().map(Entry::hash).findFirst();
    }

    /** Returns the first entries from a height on that the ledger holds; empty if there are none. */
    public Optional<Page> page(long from) {
        List<Entry> entries = read(from, height());
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        long first = entries.get(0).height();
        Entry last = entries.get(entries.size() - 1);
        List<String> lines = entries.stream().map(Entry::line).toList();
        Buffer message = SignedMessage.write(new Message.Entries(self, first, lines), "", signer);
        return Optional.of(new Page(first, last.height(), last.hash(), message));
    }

    private List<Entry> read(long from, long to) {
        if (from < 1 || from > to) {
            return List.of();
        }
        LedgerReader ledger = LedgerReader.of(dir);
        if (to - from < LINES_MAX) {
            // From the end of the file, a few lines are read; from the beginning of the segment, all. Some may have
            // come since.
            Lines latest = new Lines(from, to);
            ledger.tail(2 * (to - from + 1), latest::add);
            if (!latest.entries.isEmpty() && latest.entries.get(0).height() == from) {
                return latest.entries;
            }
        }
        Lines lines = new Lines(from, to);
        ledger.range(from, to, lines::add);
        return lines.entries;
    }

    /** Takes entries that follow one another, as many as one message has place for. */
    private static final class Lines {
        private final long from;
        private final long to;
        private final List<Entry> entries = new ArrayList<>();
        private long next;
        private long bytes;
        private boolean isFull;

        private Lines(long from, long to) {
            this.from = from;
            this.to = to;
        }

        /** Returns whether there may be place for more. */
        private boolean add(Entry entry) {
            if (!isFull && entry.height() >= from && entry.height() <= to) {
                bytes += JsonSize.ofText(entry.line());
                isFull = !entries.isEmpty() && (bytes > BYTES_MAX || entry.height() != next);
                if (!isFull) {
                    entries.add(entry);
                    next = entry.height() + 1;
                    isFull = entries.size() == LINES_MAX;
                }
            }
            return !isFull;
        }
    }
}
