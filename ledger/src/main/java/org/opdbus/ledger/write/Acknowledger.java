// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.write;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is left to do when entries are on disk: those who wait are told, the tree grows, the host is to sign it. When more
 * waits for the disk this is done on a thread of its own, so that the disk does not wait meanwhile; else on the writing
 * thread, which saves waking another one. In order, and one batch after the other, in either case.
 */
final class Acknowledger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Acknowledger.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    /** When so many batches are on disk and unheard of, the writing thread waits for those who should hear. */
    private static final int BEHIND_MAX = 8;

    private final BlockingQueue<Optional<Batch>> behind = new ArrayBlockingQueue<>(BEHIND_MAX);
    private final AtomicInteger unheard = new AtomicInteger();
    private final LeavesWriter leaves;
    private final CheckpointWriter checkpoints;
    private final Consumer<Batch> done;
    private final Thread thread;
    private volatile Optional<Throwable> defect = Optional.empty();

    /** Begins; each batch is handed on when nothing is left to do with it. */
    Acknowledger(LeavesWriter leaves, CheckpointWriter checkpoints, Consumer<Batch> done) {
        this.leaves = leaves;
        this.checkpoints = checkpoints;
        this.done = done;
        thread = new Thread(this::run, "ledger-acknowledge");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * A batch is on disk, and those who wait are told in any case.
     *
     * @throws IllegalStateException if the tree does not grow with the entries any more, for want of memory or by a defect
     */
    void acknowledge(Batch batch, boolean moreWaits) throws InterruptedException {
        if (!moreWaits && unheard.get() == 0) {
            complete(batch);
        } else {
            unheard.incrementAndGet();
            behind.put(Optional.of(batch));
        }
        if (defect.isPresent()) {
            throw new IllegalStateException("the tree over the entries is lost", defect.get());
        }
    }

    private void run() {
        try {
            Optional<Batch> batch = behind.take();
            while (batch.isPresent()) {
                complete(batch.get());
                unheard.decrementAndGet();
                batch = behind.take();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            LOG.error("the acknowledging thread was interrupted; nobody hears of entries any more");
        }
    }

    private void complete(Batch batch) {
        batch.complete();
        if (defect.isEmpty()) {
            try {
                leaves.add(batch);
                checkpoints.cover(leaves.tree());
            } catch (RuntimeException | Error e) {
                // Nothing may be signed with a tree that is not that of the entries; the next opening makes it anew.
                LOG.error("the tree over the entries is lost; entries are not signed until the agent is restarted", e);
                defect = Optional.of(e);
            }
        }
        done.accept(batch);
    }

    /** Acknowledges what is on disk, then ends. */
    @Override
    public void close() {
        try {
            behind.put(Optional.empty());
            thread.join(CLOSE_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("somebody who waited for an entry does not come back from hearing of it");
        } else {
            leaves.close();
        }
    }
}
