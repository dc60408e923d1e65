// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.rxjava3.core.AbstractVerticle;
import org.opdbus.verticles.bus.Bus;

/**
 * Gives memory back to the kernel when much has happened and then nothing. Java's serial collector shrinks the heap in a full
 * collection only, and an idle agent would never need one: what a thousand starts have left behind would stay resident.
 */
final class HeapAfterBurst extends AbstractVerticle {
    /** About a hundred containers start and are enrolled. */
    static final int BURST_FACTS = 1_000;

    /** A full collection stops the agent for some 50 ms, so it must not come while containers start. */
    static final long QUIET_MS = 10_000;

    private final Bus bus;
    private final long quietMs;
    private final Runnable collector;
    private Disposable subscription = Disposable.disposed();
    private int facts;
    private int factsAtLastLook;
    private boolean looking;

    HeapAfterBurst(Bus bus) {
        this(bus, QUIET_MS, System::gc);
    }

    HeapAfterBurst(Bus bus, long quietMs, Runnable collector) {
        this.bus = bus;
        this.quietMs = quietMs;
        this.collector = collector;
    }

    @Override
    public Completable rxStart() {
        subscription = bus.subscribeAll(fact -> heard());
        return Completable.complete();
    }

    private void heard() {
        facts++;
        if (facts >= BURST_FACTS && !looking) {
            looking = true;
            lookLater();
        }
    }

    private void lookLater() {
        factsAtLastLook = facts;
        vertx.setTimer(quietMs, timer -> look());
    }

    private void look() {
        if (facts != factsAtLastLook) {
            lookLater();
            return;
        }
        looking = false;
        facts = 0;
        collector.run();
    }

    @Override
    public Completable rxStop() {
        subscription.dispose();
        return Completable.complete();
    }
}
