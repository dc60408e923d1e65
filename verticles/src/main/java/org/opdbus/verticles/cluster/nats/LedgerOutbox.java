// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats;

import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.opdbus.ledger.Entry;
import org.opdbus.verticles.cluster.entries.LedgerPages;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.MessageSigner;
import org.opdbus.verticles.cluster.wire.SignedMessage;

/**
 * This host's ledger as what is still to be published: pages of entries that are on disk, as signed messages. It reads files,
 * so it is for threads that may wait. Every method throws {@link org.opdbus.ledger.LedgerException} if the ledger cannot be
 * read.
 */
public final class LedgerOutbox {
    private static final long BYTES_MAX = 64L << 10;

    private final String self;
    private final LedgerPages pages;
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
        this.signer = signer;
        pages = new LedgerPages(dir, onDisk);
    }

    /** Returns the height of the last entry on disk. */
    public long height() {
        return pages.height();
    }

    /** Returns the hash of an entry; empty if the ledger does not hold it. */
    public Optional<String> hash(long height) {
        return pages.read(height, height, BYTES_MAX).stream().map(Entry::hash).findFirst();
    }

    /** Returns the first entries from a height on that the ledger holds; empty if there are none. */
    public Optional<Page> page(long from) {
        List<Entry> entries = pages.read(from, height(), BYTES_MAX);
        if (entries.isEmpty()) {
            return Optional.empty();
        }
        long first = entries.get(0).height();
        Entry last = entries.get(entries.size() - 1);
        List<String> lines = entries.stream().map(Entry::line).toList();
        Buffer message = SignedMessage.write(new Message.Entries(self, first, lines), "", signer);
        return Optional.of(new Page(first, last.height(), last.hash(), message));
    }
}
