// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import io.reactivex.rxjava3.core.CompletableEmitter;
import io.vertx.core.internal.ContextInternal;

/**
 * A step on its way to its handler, and the sender that waits for the answer. Only the first answer counts. Any thread may
 * answer; the sender gets the answer on its own context.
 */
final class SentStep {
    private final ContainerStep step;
    private final ContextInternal sender;
    private final CompletableEmitter answer;
    private final AnswerLimit limit;

    SentStep(ContainerStep step, ContextInternal sender, CompletableEmitter answer, AnswerLimit limit) {
        this.step = step;
        this.sender = sender;
        this.answer = answer;
        this.limit = limit;
    }

    ContainerStep step() {
        return step;
    }

    /** The handler has carried the step out. */
    void done() {
        if (limit.end(this)) {
            sender.runOnContext(now -> answer.onComplete());
        }
    }

    /** The handler has not carried the step out, or has not said that it has. */
    void failed(Throwable failure) {
        if (limit.end(this)) {
            sender.runOnContext(now -> answer.tryOnError(failure));
        }
    }

    /** No handler has answered. */
    void unanswered(String why) {
        failed(new UnansweredStepException(step, why));
    }
}
