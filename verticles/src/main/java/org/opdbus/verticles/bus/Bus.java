// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.internal.VertxInternal;
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

    private static final DeliveryOptions LOCAL =
            new DeliveryOptions().setLocalOnly(true).setCodecName(LocalCodec.NAME);
    private static final String STEPS = "op-dbus.step.";

    private final EventBus messages;
    private final FactSubscribers subscribers;
    private final AnswerLimit limit;
    private final VertxInternal vertx;

    /** Creates the bus on this Vert.x instance. A Vert.x instance can have only one. */
    public Bus(Vertx vertx) {
        this(vertx, STEP_LIMIT_MS);
    }

    /** Creates the bus with another limit for the answer to a step, in milliseconds. */
    Bus(Vertx vertx, long stepLimitMs) {
        messages = vertx.eventBus();
        this.vertx = (VertxInternal) vertx;
        subscribers = new FactSubscribers(this.vertx);
        messages.registerCodec(new LocalCodec());
        limit = new AnswerLimit(this.vertx.nettyEventLoopGroup().next(), stepLimitMs);
    }

    /** Sends a fact to every subscriber of its address, and, if it is {@linkplain Event#told() told}, to subscribers of all. */
    public void publish(Event event) {
        messages.publish(Address.of(event).value(), event, LOCAL);
        if (event.told()) {
            messages.publish(Address.EVERY_EVENT, event, LOCAL);
        }
    }

    /** Calls the handler for each event of one kind, on the caller's context, until the subscription is disposed of. */
    public <E extends Event> Disposable subscribe(Address<E> address, Consumer<E> handler) {
        return subscribers.subscribe(
                address.value(), event -> handler.accept(address.type().cast(event)));
    }

    /**
     * Calls the handler for each event that is {@linkplain Event#told() told}, in the order of each publisher, on the caller's
     * context, until the subscription is disposed of.
     */
    public Disposable subscribeAll(Consumer<Event> handler) {
        return subscribers.subscribe(Address.EVERY_EVENT, event -> handler.accept((Event) event));
    }

    /**
     * Sends a step to the handler of its type, once for each subscriber of the result.
     *
     * @return completes on the sender's context when the handler has carried the step out; fails with the handler's own
     *     failure, or with {@link UnansweredStepException} if no handler takes the step or none answers in time
     */
    public Completable send(ContainerStep step) {
        return Completable.create(answer -> {
            SentStep sent = new SentStep(step, vertx.getOrCreateContext(), answer, limit);
            limit.begin(sent);
            messages.sender(addressOf(step.getClass()), LOCAL)
                    .write(sent)
                    .onFailure(failure -> sent.unanswered(
                            failure instanceof ReplyException lost
                                    ? lost.failureType().name()
                                    : failure.toString()));
        });
    }

    @Override
    public <S extends ContainerStep> Disposable handle(Class<S> type, Function<S, Completable> handler) {
        CompositeDisposable underWay = new CompositeDisposable();
        MessageConsumer<SentStep> consumer = messages.localConsumer(addressOf(type), message -> {
            SentStep sent = message.body();
            Completable.defer(() -> handler.apply(type.cast(sent.step())))
                    .subscribe(sent::done, sent::failed, underWay);
        });
        underWay.add(Disposable.fromAction(consumer::unregister));
        return underWay;
    }

    private static String addressOf(Class<?> type) {
        return STEPS + type.getName();
    }
}
