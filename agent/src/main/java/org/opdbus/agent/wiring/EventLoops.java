// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.netty.channel.EventLoop;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * The event loops of the agent, and the verticles on them. Vert.x itself would put verticles on its loops in turn, so that what
 * callers of a face cost would be taken from the enrolment of containers. Safe for use by any thread.
 */
final class EventLoops {
    private final VertxInternal vertx;
    private final EventLoop enrolment;
    private final EventLoop callers;
    private final Deque<Running> running = new ConcurrentLinkedDeque<>();

    /** Which loop. */
    enum Loop {
        /** For the sources, the reconciler, and what records. */
        ENROLMENT,
        /** For the sockets on which the agent is asked, and for what it tells. */
        CALLERS
    }

    /** A verticle and its loop. */
    record Placed(Deployable verticle, Loop loop) {}

    private record Running(Deployable verticle, Context context) {}

    /** The loops of a Vert.x that has two. */
    EventLoops(Vertx vertx) {
        this.vertx = (VertxInternal) vertx;
        enrolment = this.vertx.nettyEventLoopGroup().next();
        callers = this.vertx.nettyEventLoopGroup().next();
        if (enrolment == callers) {
            throw new IllegalArgumentException("a Vert.x of two event loops is needed");
        }
    }

    /** Starts a verticle on its loop; completes when it has started. */
    Completable deploy(Placed placed) {
        return Completable.defer(() -> {
            Context context = vertx.contextBuilder()
                    .withThreadingModel(ThreadingModel.EVENT_LOOP)
                    .withEventLoop(placed.loop() == Loop.ENROLMENT ? enrolment : callers)
                    .build();
            return on(context, () -> placed.verticle().deploy(context))
                    .doOnComplete(() -> running.push(new Running(placed.verticle(), context)));
        });
    }

    /** Stops every verticle, the last that was started first; each is stopped even if another one fails to. */
    Completable stop() {
        return Completable.defer(() -> Completable.concatDelayError(running.stream()
                .map(each -> on(each.context, () -> each.verticle.undeploy(each.context)))
                .toList()));
    }

    private interface Work {
        Future<?> start() throws Exception;
    }

    private static Completable on(Context context, Work work) {
        Promise<Object> promise = Promise.promise();
        context.runOnContext(now -> {
            try {
                work.start().<Object>mapEmpty().onComplete(promise);
            } catch (Exception e) {
                promise.fail(e);
            }
        });
        return Single.fromCompletionStage(promise.future().map(true).toCompletionStage())
                .ignoreElement();
    }
}
