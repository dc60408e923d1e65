// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink;

import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.opdbus.verticles.uplink.plan.UplinkRefusal;

/** Limits how many callers wait at the same time. Any thread may use it. */
final class CallerLimit {
    private final int max;
    private final AtomicInteger count = new AtomicInteger();

    CallerLimit(int max) {
        this.max = max;
    }

    /** Returns the same work, which fails with a {@link UplinkRefusal} if too many callers wait. */
    <T> Single<T> limit(Single<T> work) {
        return Single.defer(() -> {
            if (count.incrementAndGet() > max) {
                count.decrementAndGet();
                return Single.error(new UplinkRefusal(List.of(new UplinkRefusal.Reason(
                        max + " callers ask about uplinks already", "try again in a moment"))));
            }
            return work.doFinally(count::decrementAndGet);
        });
    }
}
