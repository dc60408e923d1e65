// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for a condition that nobody announces, such as the state of a real daemon. */
public final class Eventually {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);
    /** Hosts of a cluster need more than a minute to find one another again on a machine that has much else to do. */
    private static final Duration LIMIT = Duration.ofMinutes(3);

    private Eventually() {}

    /** An assertion that may fail with any exception as long as it does not hold. */
    @FunctionalInterface
    public interface Assertion {
        void check() throws Exception;
    }

    /** Repeats the assertion until it holds; fails with its last failure after a generous time. */
    public static void eventually(Assertion assertion) {
        eventually(() -> {
            assertion.check();
            return true;
        });
    }

    /** Repeats the question until it is answered without an exception or a failed assertion. */
    public static <T> T eventually(Callable<T> question) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                return question.call();
            } catch (Exception | AssertionError e) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("did not come true within " + LIMIT + ": " + e.getMessage(), e);
                }
            }
            pause();
        }
    }

    private static void pause() {
        try {
            new CountDownLatch(1).await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting", e);
        }
    }
}
