// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.verify;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.LedgerFile;

/**
 * Distinguishes a last line that is being written from one whose writer has ended: only the former changes.
 *
 * @param tail what was read after the last whole line
 */
record TornTail(LedgerScan.Torn tail) {
    /**
     * A write of one commit takes well under a millisecond once it has begun; the limit allows for an overloaded
     * host.
     */
    private static final Duration PATIENCE = Duration.ofMillis(500);

    boolean isBeingWritten() {
        try (WatchService watch = tail.segment().file().getFileSystem().newWatchService()) {
            LedgerDirectory.directoryOf(tail.segment())
                    .register(watch, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_CREATE);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!hasChanged()) {
                WatchKey key = watch.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (key == null) {
                    return hasChanged();
                }
                key.pollEvents();
                key.reset();
            }
            return true;
        } catch (IOException e) {
            throw LedgerException.io("cannot read the segment", tail.segment().file(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException(LedgerException.Reason.IO, "reading the ledger was interrupted", e);
        }
    }

    /** The file ends at another position now: the line was completed, or removed. */
    private boolean hasChanged() throws IOException {
        try (FileChannel channel = LedgerFile.openToRead(tail.segment().file())) {
            return channel.size() != tail.offset() + tail.bytes().length;
        }
    }
}
