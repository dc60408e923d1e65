// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import io.reactivex.rxjava3.processors.FlowableProcessor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.verticles.bus.Bus;

/** Knows which facts about containers are on their way to the ledger, while it listens. Any thread may use it. */
final class PendingEntries implements Disposable {
    private static final String STEP = "record";

    private final Bus bus;
    private final Duration limit;
    private final List<Event> pending = new ArrayList<>();
    /** The facts that are pending since this object published them, and that it has not received from the bus yet. */
    private final List<Event> said = new ArrayList<>();
    /** Entries that arrived before their facts: the two come from different publishers. */
    private final List<Event> early = new ArrayList<>();

    /** A new subscriber gets the present state at once, so that it misses no change after its first look. */
    private final FlowableProcessor<Boolean> changes =
            BehaviorProcessor.createDefault(true).toSerialized();

    private final Disposable listening;

    PendingEntries(Bus bus, Duration limit) {
        this.bus = bus;
        this.limit = limit;
        listening = bus.subscribeAll(this::hear);
    }

    private void hear(Event event) {
        synchronized (this) {
            if (event instanceof EntryCommitted committed) {
                if (!pending.remove(committed.fact())) {
                    early.add(committed.fact());
                }
            } else if (event.recorded() && !said.remove(event) && !early.remove(event)) {
                pending.add(event);
            }
        }
        changes.onNext(true);
    }

    /** Publishes a fact, and completes when the ledger has it. */
    Completable record(Event fact) {
        return Completable.fromAction(() -> {
                    expect(fact);
                    bus.publish(fact);
                })
                .andThen(written(new ContainerId(fact.subject())));
    }

    /** The bus delivers the fact later; until then it would seem that nothing is pending. */
    private synchronized void expect(Event fact) {
        if (fact.recorded()) {
            pending.add(fact);
            said.add(fact);
        }
    }

    /** Completes when the ledger has every received fact about this container; fails if it takes too long. */
    Completable written(ContainerId container) {
        return Completable.defer(() -> changes.onBackpressureLatest()
                        .filter(change -> !isPending(container))
                        .firstOrError()
                        .ignoreElement())
                .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .onErrorResumeNext(failure -> Completable.error(
                        failure instanceof TimeoutException
                                ? new StepFailure(
                                        STEP,
                                        "the ledger has not recorded the changes of container " + container + " within "
                                                + limit.toSeconds() + " s",
                                        "see the log for ledger.degraded; the container itself is " + "as wanted")
                                : failure));
    }

    private synchronized boolean isPending(ContainerId container) {
        return pending.stream().anyMatch(fact -> fact.subject().equals(container.value()));
    }

    @Override
    public void dispose() {
        listening.dispose();
    }

    @Override
    public boolean isDisposed() {
        return listening.isDisposed();
    }
}
