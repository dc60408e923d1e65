// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * The newest inventory. Any thread may use it. A reader never waits; a writer waits at most for one change by another writer.
 *
 * <p>A reader keeps no copy and has no queue. It holds the inventory that it processed last and compares a newer one with it.
 * The two share what has not changed. So a slow reader misses only objects that appeared and vanished in the meantime, and it
 * costs no more than the one old inventory that it holds.
 */
public final class LiveInventory {
    private volatile Inventory current;
    private final BehaviorProcessor<Inventory> news;
    private final AtomicInteger untold = new AtomicInteger();

    /** Creates an inventory with the agent's own state only. */
    public LiveInventory(HostFacts host) {
        Inventory empty = Inventory.of(host);
        current = empty;
        news = BehaviorProcessor.createDefault(empty);
    }

    /** Returns the newest inventory. */
    public Inventory current() {
        return current;
    }

    /**
     * Emits changes: first from an empty inventory to the present one, then from the last one that the reader received to the
     * newest. A reader gets the next change when it has processed the last. This does not end by itself.
     *
     * @param reader the scheduler on which the reader works
     */
    public Flowable<InventoryChange> changes(Scheduler reader) {
        return changesSince(Inventory.of(current().host()), reader);
    }

    /** As {@link #changes}, but the first change is from an inventory that the reader has processed already. */
    public Flowable<InventoryChange> changesSince(Inventory processed, Scheduler reader) {
        return news.onBackpressureLatest()
                .observeOn(reader, false, 1)
                .scan(new InventoryChange(processed, processed), (last, now) -> new InventoryChange(last.after(), now))
                .skip(1);
    }

    /**
     * Makes one change. A reader sees all of it or nothing of it.
     *
     * @param change returns the same inventory if nothing is different; it must not wait
     */
    void update(UnaryOperator<Inventory> change) {
        if (put(change)) {
            tell();
        }
    }

    // A change that changes nothing returns the same object. Comparing the contents of two inventories would cost their
    // whole size.
    @SuppressWarnings("ReferenceEquality")
    private synchronized boolean put(UnaryOperator<Inventory> change) {
        Inventory before = current;
        Inventory after = change.apply(before);
        if (after == before) {
            return false;
        }
        current = after.at(before.version() + 1);
        return true;
    }

    /** Lets one thread at a time notify readers, always of the newest inventory. Other threads leave this to that thread. */
    private void tell() {
        if (untold.getAndIncrement() != 0) {
            return;
        }
        int told = 1;
        do {
            news.onNext(current);
            told = untold.addAndGet(-told);
        } while (told != 0);
    }
}
