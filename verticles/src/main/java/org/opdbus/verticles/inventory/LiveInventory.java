// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * The newest inventory. Any thread may use it; a reader waits for nothing, and a writer at most for
 * another writer's one change.
 *
 * <p>A reader keeps no copy and has no queue. It holds the inventory that it dealt with last and compares a newer one with it;
 * the two share what has not changed. So a slow reader misses what came and went meanwhile, and nothing else, and costs no more
 * than the one old inventory that it holds.
 */
public final class LiveInventory {
    private volatile Inventory current;
    private final BehaviorProcessor<Inventory> news;
    private final AtomicInteger untold = new AtomicInteger();

    /** One in which only the agent itself is known. */
    public LiveInventory(HostFacts host) {
        Inventory empty = Inventory.of(host);
        current = empty;
        news = BehaviorProcessor.createDefault(empty);
    }

    /** How everything stands now. */
    public Inventory current() {
        return current;
    }

    /**
     * What is different, first from nothing to what there is, then from what the reader was given last to the newest. A reader
     * gets the next change when it is done with the last; does not end by itself.
     *
     * @param reader where the reader works
     */
    public Flowable<InventoryChange> changes(Scheduler reader) {
        Inventory nothing = Inventory.of(current().host());
        return news.onBackpressureLatest()
                .observeOn(reader, false, 1)
                .scan(new InventoryChange(nothing, nothing), (last, now) -> new InventoryChange(last.after(), now))
                .skip(1);
    }

    /**
     * Makes one change, which readers see as a whole or not at all.
     *
     * @param change gives the same inventory if nothing is different; it must not wait for anything
     */
    void update(UnaryOperator<Inventory> change) {
        if (put(change)) {
            tell();
        }
    }

    // Each step gives back the very object if it has changed nothing; to compare what is in two inventories would cost
    // all of it.
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

    /** One thread tells at a time, always the newest; others leave it to that one. */
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
