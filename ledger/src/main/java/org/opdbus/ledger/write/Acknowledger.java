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
 * What follows when entries are on disk: the callers are notified, the tree grows, the host signs it. When more
 * drafts wait for the disk, a separate thread does this, so that the disk need not wait; otherwise the writing thread
 * does it, which avoids waking another thread. In both cases it works in order, one batch after the other.
 */
final class Acknowledger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Acknowledger.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    /**
     * When this many batches are on disk and not acknowledged, the writing thread waits for the acknowledging thread.
     */
    private static final int BEHIND_MAX = 8;

    private final BlockingQueue<Optional<Batch>> behind = new ArrayBlockingQueue<>(BEHIND_MAX);
    private final AtomicInteger unheard = new AtomicInteger();
    private final LeavesWriter leaves;
    private final CheckpointWriter checkpoints;
    private final Consumer<Batch> done;
    private final Thread thread;
    private volatile Optional<Throwable> defect = Optional.empty();

    /** Creates an acknowledger; it passes each batch on when its work is complete. */
    Acknowledger(LeavesWriter leaves, CheckpointWriter checkpoints, Consumer<Batch> done) {
        this.leaves = leaves;
        this.checkpoints = checkpoints;
        this.done = done;
        thread = new Thread(this::run, "ledger-acknowledge");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * A batch is on disk. The callers are notified in every case.
     *
     * @throws IllegalStateException if the tree cannot grow with the entries any more, for lack of memory or because
     * of a defect
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
            LOG.error("the acknowledging thread was interrupted; entries are no longer " + "acknowledged");
        }
    }

    private void complete(Batch batch) {
        batch.complete();
        if (defect.isEmpty()) {
            try {
                leaves.add(batch);
                checkpoints.cover(leaves.tree());
            } catch (RuntimeException | Error e) {
                // Nothing may be signed with a tree that does not match the entries; the next
                // opening rebuilds it.
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
            LOG.warn("a callback for an entry does not return");
        } else {
            leaves.close();
        }
    }
}
