// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.write;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.HostKey;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.LedgerFile;
import org.opdbus.ledger.LedgerListener;
import org.opdbus.ledger.merkle.MerkleRange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs the state of the ledger and replaces the checkpoint file, on a thread of its own.
 *
 * <p>A signature costs the time of several disk syncs, so commits do not wait for it: a commit is covered at once
 * when the ledger is idle, and within {@link #PAUSE} when it is busy, several commits by one signature. The signed
 * entries are on disk already. The new file is synced before it replaces the old one, so after a power failure the
 * checkpoint is complete: this one or an earlier one, and never one that covers more than the segments hold.
 */
final class CheckpointWriter implements AutoCloseable {
    /** The least time between two signatures. */
    static final Duration PAUSE = Duration.ofMillis(50);

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointWriter.class);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(2);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    private final LedgerDirectory directory;
    private final HostKey key;
    private final LedgerListener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread thread;

    private Optional<MerkleRange> waiting = Optional.empty();
    private long heldUntil;
    private boolean closed;
    private volatile Checkpoint current;
    private volatile Checkpoint signed;

    CheckpointWriter(LedgerDirectory directory, HostKey key, Checkpoint current, LedgerListener listener) {
        this.directory = directory;
        this.key = key;
        this.current = current;
        signed = current;
        this.listener = listener;
        thread = new Thread(this::run, "ledger-checkpoint");
        thread.setDaemon(true);
        thread.start();
    }

    /** The last checkpoint on disk. */
    Checkpoint current() {
        return current;
    }

    /** The last checkpoint that was signed; it may not be on disk yet, or cannot be written there. */
    Checkpoint signed() {
        return signed;
    }

    /** Entries are on disk and must be signed soon. The caller must not change the tree any more. */
    void cover(MerkleRange tree) {
        lock.lock();
        try {
            waiting = Optional.of(tree);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** From now on signs nothing that covers fewer entries than this. */
    void holdUntil(long entries) {
        lock.lock();
        try {
            heldUntil = entries;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    static void write(LedgerDirectory directory, Checkpoint checkpoint) throws IOException {
        Path fresh = directory.path().resolve(LedgerDirectory.CHECKPOINT_NEW);
        try (FileChannel channel = LedgerFile.replace(fresh, SegmentWriter.MODE)) {
            ByteBuffer note = ByteBuffer.wrap(checkpoint.note().getBytes(StandardCharsets.UTF_8));
            while (note.hasRemaining()) {
                channel.write(note);
            }
            channel.force(false);
        }
        Files.move(fresh, directory.checkpoint(), StandardCopyOption.ATOMIC_MOVE);
    }

    private void run() {
        try {
            Optional<MerkleRange> tree = next();
            while (tree.isPresent()) {
                boolean signed = sign(tree.get());
                pause(signed ? PAUSE : PAUSE_AFTER_FAILURE);
                tree = next();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.error("the checkpoint thread was interrupted; entries are no longer signed");
        }
    }

    /** Returns the newest tree to sign; empty when there will be none. */
    private Optional<MerkleRange> next() throws InterruptedException {
        lock.lock();
        try {
            while (!isDue() && !closed) {
                changed.await();
            }
            Optional<MerkleRange> next = isDue() ? waiting : Optional.empty();
            waiting = Optional.empty();
            return next;
        } finally {
            lock.unlock();
        }
    }

    private boolean isDue() {
        return waiting.filter(tree -> tree.size() >= heldUntil).isPresent();
    }

    private boolean sign(MerkleRange tree) {
        try {
            Checkpoint checkpoint = Checkpoint.sign(key, tree.size(), tree.root());
            signed = checkpoint;
            write(directory, checkpoint);
            current = checkpoint;
            listener.checkpointed(checkpoint);
            return true;
        } catch (IOException e) {
            LOG.warn(
                    "checkpoint not written dir={} size={} reason={}",
                    directory.path(),
                    tree.size(),
                    LedgerException.inWords(e));
            again(tree);
            return false;
        }
    }

    private void again(MerkleRange tree) {
        lock.lock();
        try {
            // On closing there is only one attempt: the next opening signs what is on disk.
            if (waiting.isEmpty() && !closed) {
                waiting = Optional.of(tree);
            }
        } finally {
            lock.unlock();
        }
    }

    private void pause(Duration pause) throws InterruptedException {
        lock.lock();
        try {
            long left = pause.toNanos();
            while (left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Signs what waits, then ends. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        try {
            thread.join(CLOSE_LIMIT.toMillis());
            if (thread.isAlive()) {
                LOG.warn("the last checkpoint was not written in time dir={}", directory.path());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
