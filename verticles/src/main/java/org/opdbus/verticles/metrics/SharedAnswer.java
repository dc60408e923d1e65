// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.metrics;

import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shares an expensive answer between all callers that ask within a given time. A failure is shared like an answer. For any
 * thread.
 */
final class SharedAnswer<T> implements Supplier<Single<T>> {
    private final Supplier<Single<T>> question;
    private final Duration time;
    private final LongSupplier nanoTime;
    private @Nullable Single<T> present;
    private long asked;

    SharedAnswer(Supplier<Single<T>> question, Duration time, LongSupplier nanoTime) {
        this.question = question;
        this.time = time;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized Single<T> get() {
        long now = nanoTime.getAsLong();
        Single<T> shared = present;
        if (shared == null || now - asked >= time.toNanos()) {
            asked = now;
            shared = Single.defer(question::get).cache();
            present = shared;
        }
        return shared;
    }
}
