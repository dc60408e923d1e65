// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.entries;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.verticles.cluster.wire.JsonSize;

/**
 * Reads this host's ledger in pages, each of which fits into one message: entries that are on disk and follow one another,
 * at most {@value #ENTRIES_MAX}. It reads files, so it is for threads that may wait; any number of them.
 */
public final class LedgerPages {
    private static final int ENTRIES_MAX = 256;

    private final Path dir;
    private final LongSupplier onDisk;

    /**
     * Reads the ledger in a folder.
     *
     * @param onDisk the height of the last entry on disk
     */
    public LedgerPages(Path dir, LongSupplier onDisk) {
        this.dir = dir;
        this.onDisk = onDisk;
    }

    /** Returns the height of the last entry on disk. */
    public long height() {
        return onDisk.getAsLong();
    }

    /**
     * Returns the first entries between two heights that the ledger holds, up to the first gap; none if it holds none.
     *
     * @param bytesMax how many bytes their lines may take as JSON; one entry is returned even if it takes more
     * @throws org.opdbus.ledger.LedgerException if the ledger cannot be read
     */
    public List<Entry> read(long from, long to, long bytesMax) {
        long end = Math.min(to, height());
        if (from < 1 || from > end) {
            return List.of();
        }
        LedgerReader ledger = LedgerReader.of(dir);
        if (end - from < ENTRIES_MAX) {
            // The usual page, after a commit. From the end of the file, a few lines are read; from the beginning of the
            // segment, all. Some may have come since.
            Page latest = new Page(from, end, bytesMax);
            ledger.tail(2 * (end - from + 1), latest::add);
            if (!latest.entries.isEmpty() && latest.entries.get(0).height() == from) {
                return latest.entries;
            }
        }
        Page page = new Page(from, end, bytesMax);
        ledger.range(from, end, page::add);
        return page.entries;
    }

    private static final class Page {
        private final long from;
        private final long to;
        private final long bytesMax;
        private final List<Entry> entries = new ArrayList<>();
        private long next;
        private long bytes;
        private boolean isFull;

        private Page(long from, long to, long bytesMax) {
            this.from = from;
            this.to = to;
            this.bytesMax = bytesMax;
        }

        /** Returns whether there may be place for more. */
        private boolean add(Entry entry) {
            if (!isFull && entry.height() >= from && entry.height() <= to) {
                bytes += JsonSize.ofText(entry.line()) + 1;
                isFull = !entries.isEmpty() && (bytes > bytesMax || entry.height() != next);
                if (!isFull) {
                    entries.add(entry);
                    next = entry.height() + 1;
                    isFull = entries.size() == ENTRIES_MAX;
                }
            }
            return !isFull;
        }
    }
}
