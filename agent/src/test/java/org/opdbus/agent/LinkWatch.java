// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Learns from the kernel, by {@code ip monitor}, when links first appear. */
final class LinkWatch implements AutoCloseable {
    private static final long LIMIT_NS = TimeUnit.MINUTES.toNanos(1);

    private final Process monitor;
    private volatile boolean closed;
    private final Map<String, Long> seen = new HashMap<>();

    LinkWatch() {
        try {
            monitor = new ProcessBuilder(List.of("ip", "-o", "monitor", "link"))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread reader = new Thread(this::read, "link-watch");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines = monitor.inputReader(StandardCharsets.UTF_8)) {
            String line = lines.readLine();
            while (line != null) {
                long now = System.nanoTime();
                // "7: vethA@if2: <BROADCAST,…"
                String[] words = line.split("[ :@]+", 3);
                hear(words.length > 1 ? words[1] : "", now);
                line = lines.readLine();
            }
        } catch (IOException e) {
            if (!closed) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private synchronized void hear(String name, long now) {
        seen.putIfAbsent(name, now);
        notifyAll();
    }

    /** Waits until a link was reported; returns the time. */
    synchronized long await(String name) {
        long until = System.nanoTime() + LIMIT_NS;
        while (!seen.containsKey(name)) {
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("the kernel did not tell of " + name);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
        return seen.get(name);
    }

    /**
     * Repeats an operation that makes the kernel send a message about a link until this watch receives anything at
     * all.
     */
    synchronized void awaitAny(Runnable deed) {
        long until = System.nanoTime() + LIMIT_NS;
        while (seen.isEmpty()) {
            if (System.nanoTime() > until) {
                throw new AssertionError("ip monitor hears nothing");
            }
            deed.run();
            try {
                wait(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        monitor.destroy();
    }
}
