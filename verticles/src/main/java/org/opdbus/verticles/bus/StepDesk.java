// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.vertx.core.internal.ContextInternal;
import java.util.function.Function;

/**
 * The handler of one type of step, and the context on which it works. Any thread may bring a step. The steps of one sender are
 * carried out in the order in which they came.
 */
final class StepDesk {
    private final ContextInternal context;
    private final Function<Step, Completable> handler;
    private final CompositeDisposable underWay = new CompositeDisposable();

    StepDesk(ContextInternal context, Function<Step, Completable> handler) {
        this.context = context;
        this.handler = handler;
    }

    /** Has the step carried out in a later turn of the handler's context, and answers it. */
    void take(SentStep sent) {
        context.runOnContext(now -> {
            if (underWay.isDisposed()) {
                sent.unanswered(SentStep.NO_HANDLER);
            } else {
                Completable.defer(() -> handler.apply(sent.step())).subscribe(sent::done, sent::failed, underWay);
            }
        });
    }

    /** Ends the steps in progress; their senders get no answer. Later steps fail at once. */
    void close() {
        underWay.dispose();
    }
}
