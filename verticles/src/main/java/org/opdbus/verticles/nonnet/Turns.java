// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.opdbus.verticles.jsonrpc.JsonRpcException;

/**
 * Limits the answers to half of the event loop's time: after an answer that took a while, the next one waits for the same time.
 * So a few clients that request everything without end delay neither updates nor short requests. Confined to the server's
 * context.
 */
final class Turns {
    private final Vertx vertx;
    private final Deque<Turn> waiting = new ArrayDeque<>();
    private long freeAtNs = System.nanoTime();
    private boolean isTimerSet;

    private record Turn(Supplier<Object> question, Promise<Object> answer) {}

    Turns(Vertx vertx) {
        this.vertx = vertx;
    }

    Vertx vertx() {
        return vertx;
    }

    /** Returns whether the server would answer a question at once. */
    boolean isFree() {
        return waiting.isEmpty() && System.nanoTime() - freeAtNs >= 0;
    }

    /** Answers a question, now or when its turn comes. If the question throws, the result fails with that exception. */
    Future<Object> ask(Supplier<Object> question) {
        if (isFree()) {
            return answer(question);
        }
        Promise<Object> promise = Promise.promise();
        waiting.add(new Turn(question, promise));
        awaitNext();
        return promise.future();
    }

    private Future<Object> answer(Supplier<Object> question) {
        long begin = System.nanoTime();
        try {
            return Future.succeededFuture(question.get());
        } catch (NonNetException | JsonRpcException e) {
            return Future.failedFuture(e);
        } finally {
            long end = System.nanoTime();
            freeAtNs = end + (end - begin);
        }
    }

    private void awaitNext() {
        if (!isTimerSet) {
            isTimerSet = true;
            long leftMs = (freeAtNs - System.nanoTime()) / 1_000_000;
            vertx.setTimer(Math.max(1, leftMs), t -> next());
        }
    }

    private void next() {
        isTimerSet = false;
        Turn turn = waiting.poll();
        if (turn != null) {
            answer(turn.question).onComplete(turn.answer);
        }
        if (!waiting.isEmpty()) {
            awaitNext();
        }
    }
}
