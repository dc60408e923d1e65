// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.vertx.rxjava3.core.AbstractVerticle;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Runs several verticles on one context: a message between them costs an entry in the queue of their event loop, not the
 * wake-up of another thread. They start in their order and stop in reverse. If one of them does not start, this stops the
 * others.
 */
public final class SharedLoop extends AbstractVerticle {
    private final List<AbstractVerticle> parts;

    public SharedLoop(List<AbstractVerticle> parts) {
        this.parts = List.copyOf(parts);
    }

    @Override
    public Completable rxStart() {
        parts.forEach(part -> part.init(vertx.getDelegate(), context));
        return Flowable.fromIterable(parts)
                .concatMapCompletable(AbstractVerticle::rxStart)
                .onErrorResumeNext(failure -> rxStop().onErrorComplete().andThen(Completable.error(failure)));
    }

    @Override
    public Completable rxStop() {
        List<AbstractVerticle> reversed = new ArrayList<>(parts);
        Collections.reverse(reversed);
        return Flowable.fromIterable(reversed).concatMapCompletableDelayError(AbstractVerticle::rxStop);
    }
}
