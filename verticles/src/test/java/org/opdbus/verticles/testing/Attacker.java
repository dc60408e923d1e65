// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Something hostile that goes on, round after round, on a thread of its own until it is closed. */
public abstract class Attacker implements AutoCloseable {
    /** The attacker must not take the processors that it says the victim has lost. */
    private static final long PAUSE_MS = 10;

    private final String name;
    private final CountDownLatch over = new CountDownLatch(1);
    private final AtomicLong rounds = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final Thread thread;

    Attacker(String name) {
        this.name = name;
        thread = new Thread(this::run, "attacker " + name);
        thread.setDaemon(true);
    }

    /** What is done in one round. An IOException says that the victim did not let it. */
    abstract void round() throws IOException;

    /** What is done when it is over. */
    abstract void end() throws IOException;

    /** Begins. */
    public final void begin() {
        thread.start();
    }

    private void run() {
        try {
            do {
                try {
                    round();
                } catch (IOException e) {
                    refused.incrementAndGet();
                }
                rounds.incrementAndGet();
            } while (!over.await(PAUSE_MS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What it did, for a report. */
    public final String told() {
        return name + ": " + rounds + " rounds, " + refused + " refused";
    }

    @Override
    public final void close() {
        over.countDown();
        try {
            thread.join();
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
