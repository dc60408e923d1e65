// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.opdbus.verticles.limits.Newest;
import org.opdbus.verticles.limits.TaskThread;

/**
 * Takes the trust bundles that other members show, and passes them to the exchange of the present session on the cluster's
 * thread. Overflow rule: one bundle waits, the newest. If others were lost, this host shows its own after some seconds, so
 * that a member that has a newer one shows that again.
 */
final class TrustInbox {
    private static final long AFTER_LOSS_MS = 5_000;

    private final TaskThread thread;
    private final Supplier<Optional<TrustExchange>> exchange;
    private final Newest<String> waiting;

    /**
     * Holds nothing yet.
     *
     * @param exchange the exchange of the present session; asked on the thread
     */
    TrustInbox(TaskThread thread, Supplier<Optional<TrustExchange>> exchange) {
        this.thread = thread;
        this.exchange = exchange;
        waiting = new Newest<>(thread::execute, this::take);
    }

    /** Hands over a bundle, not checked. For any thread; returns at once. */
    void offer(String text) {
        waiting.offer(text);
    }

    private void take(String text, boolean hasLost) {
        exchange.get().ifPresent(open -> open.hear(text));
        if (hasLost) {
            long delayMs = AFTER_LOSS_MS + ThreadLocalRandom.current().nextLong(AFTER_LOSS_MS);
            thread.once("show trust after a loss", delayMs, () -> exchange.get().ifPresent(TrustExchange::tell));
        }
    }
}
