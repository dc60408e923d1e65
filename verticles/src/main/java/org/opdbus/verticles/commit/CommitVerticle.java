// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.commit;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.rxjava3.core.AbstractVerticle;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.Ledger;
import org.opdbus.verticles.bus.Bus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes every recorded fact to the ledger. The ledger belongs to the caller: stopping this verticle does not close
 * it.
 */
public final class CommitVerticle extends AbstractVerticle {
    private static final Logger LOG = LoggerFactory.getLogger(CommitVerticle.class);

    private final Bus bus;
    private final Ledger ledger;
    private final CompositeDisposable underWay = new CompositeDisposable();
    private Disposable subscription = Disposable.disposed();

    public CommitVerticle(Bus bus, Ledger ledger) {
        this.bus = bus;
        this.ledger = ledger;
    }

    @Override
    public Completable rxStart() {
        subscription = bus.subscribeAll(this::hear);
        return Completable.complete();
    }

    private void hear(Event fact) {
        if (fact.recorded()) {
            Single.fromCompletionStage(ledger.append(new Draft(fact.kind(), fact.subject(), fact.data())))
                    .subscribe(entry -> committed(fact, entry), failure -> lost(fact, failure), underWay);
        }
    }

    private void committed(Event fact, Entry entry) {
        bus.publish(new EntryCommitted(entry.height(), entry.hash(), fact));
    }

    private static void lost(Event fact, Throwable failure) {
        // The ledger has reported once that it is degraded; this line names the fact that it did
        // not record.
        LOG.debug("kind={} subject={} not recorded: {}", fact.kind(), fact.subject(), failure.getMessage());
    }

    @Override
    public Completable rxStop() {
        // Facts in progress are completed: they have happened, and the ledger is still open.
        subscription.dispose();
        return Completable.complete();
    }
}
