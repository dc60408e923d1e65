// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.verify;

import java.io.IOException;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerException;

/**
 * Waits for the host's signature on entries that it has not covered yet: a running agent signs them within moments,
 * and replaces the checkpoint file or returns the checkpoint when asked.
 *
 * @param agent asks the running agent for its latest checkpoint; empty if none runs
 */
record LaterCheckpoint(LedgerDirectory directory, Supplier<Optional<Checkpoint>> agent) {
    /**
     * An agent signs within 50 ms and a signature's time of the last entry; the limit allows for an overloaded host.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Returns the latest checkpoint, after the agent has had the time to cover this many entries. */
    Optional<Checkpoint> covering(long entries) {
        try (WatchService watch = directory.path().getFileSystem().newWatchService()) {
            // Begins to watch first and reads then, so that it misses no change. The new file is
            // moved into its place.
            directory.path().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            Optional<Checkpoint> latest = later(onDisk(), agent.get());
            while (latest.map(Checkpoint::size).orElse(0L) < entries) {
                WatchKey key = watch.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (key == null) {
                    return later(latest, agent.get());
                }
                key.pollEvents();
                key.reset();
                latest = later(latest, onDisk());
            }
            return latest;
        } catch (IOException e) {
            throw LedgerException.io("cannot watch the ledger", directory.path(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException(LedgerException.Reason.IO, "reading the ledger was interrupted", e);
        }
    }

    /** Returns the one on disk. The verification, which has read it before, reports an invalid one. */
    private Optional<Checkpoint> onDisk() {
        try {
            return Checkpoint.read(directory.checkpoint());
        } catch (LedgerException e) {
            return Optional.empty();
        }
    }

    private static Optional<Checkpoint> later(Optional<Checkpoint> one, Optional<Checkpoint> other) {
        long size = one.map(Checkpoint::size).orElse(-1L);
        return other.map(Checkpoint::size).orElse(-1L) > size ? other : one;
    }
}
