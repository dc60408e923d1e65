// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.opdbus.events.Address;
import org.opdbus.events.Event;

/**
 * Publishes facts and sends steps. The package's page states the guarantees. Safe for use by any thread.
 */
public final class Bus implements StepHandlers {
    /**
     * How long the sender of a step waits for the answer. Each handler limits its own waits to less than this, so that the
     * limit is reached only if an answer is lost.
     */
    public static final long STEP_LIMIT_MS = 60_000;

    private final Map<Class<?>, StepDesk> desks = new ConcurrentHashMap<>();
    private final FactSubscribers subscribers;
    private final AnswerLimit limit;
    private final VertxInternal vertx;

    /** Creates a bus on the contexts of this Vert.x instance. */
    public Bus(Vertx vertx) {
        this(vertx, STEP_LIMIT_MS);
    }

    /** Creates the bus with another limit for the answer to a step, in milliseconds. */
    Bus(Vertx vertx, long stepLimitMs) {
        this.vertx = (VertxInternal) vertx;
        subscribers = new FactSubscribers(this.vertx);
        limit = new AnswerLimit(this.vertx.nettyEventLoopGroup().next(), stepLimitMs);
    }

    /** Sends a fact to every subscriber of its kind, and, if it is {@linkplain Event#told() told}, to subscribers of all. */
    public void publish(Event event) {
        subscribers.publish(event);
    }

    /** Calls the handler for each event of one kind, on the caller's context, until the subscription is disposed of. */
    public <E extends Event> Disposable subscribe(Address<E> address, Consumer<E> handler) {
        return subscribers.subscribe(
                address.type(), event -> handler.accept(address.type().cast(event)));
    }

    /**
     * Calls the handler for each event that is {@linkplain Event#told() told}, in the order of each publisher, on the caller's
     * context, until the subscription is disposed of.
     */
    public Disposable subscribeAll(Consumer<Event> handler) {
        return subscribers.subscribeAll(handler);
    }

    /**
     * Sends a step to the handler of its type, once for each subscriber of the result.
     *
     * @return completes on the sender's context when the handler has carried the step out; fails with the handler's own
     *     failure, or with {@link UnansweredStepException} if no handler takes the step or none answers in time
     */
    public Completable send(Step step) {
        return Completable.create(answer -> {
            SentStep sent = new SentStep(step, vertx.getOrCreateContext(), answer, limit);
            limit.begin(sent);
            StepDesk desk = desks.get(step.getClass());
            if (desk == null) {
                sent.unanswered(SentStep.NO_HANDLER);
            } else {
                desk.take(sent);
            }
        });
    }

    @Override
    public <S extends Step> Disposable handle(Class<S> type, Function<S, Completable> handler) {
        StepDesk desk = new StepDesk(vertx.getOrCreateContext(), step -> handler.apply(type.cast(step)));
        desks.put(type, desk);
        return Disposable.fromAction(() -> {
            desks.remove(type, desk);
            desk.close();
        });
    }
}
