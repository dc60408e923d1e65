// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * Learns from Open vSwitch's own monitor which interfaces are live, that is have an OpenFlow port, and since when.
 */
final class SwitchWatch implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long LIMIT_NS = TimeUnit.MINUTES.toNanos(5);

    private final Process monitor;
    private volatile boolean closed;
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, Long> live = new HashMap<>();

    SwitchWatch(String socket) {
        try {
            monitor = new ProcessBuilder(List.of(
                            "nice",
                            "-n",
                            "-20",
                            "ovsdb-client",
                            "--format=json",
                            "monitor",
                            "unix:" + socket,
                            "Open_vSwitch",
                            "Interface",
                            "name,ofport"))
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread reader = new Thread(this::read, "switch-watch");
        reader.setDaemon(true);
        reader.start();
    }

    /** Before all else on a busy machine, because it tells the time. */
    private void read() {
        TestHost.firstOnTheProcessor();
        try (BufferedReader lines = monitor.inputReader(StandardCharsets.UTF_8)) {
            String line = lines.readLine();
            while (line != null) {
                long now = System.nanoTime();
                hear(JSON.readTree(line).path("data"), now);
                line = lines.readLine();
            }
        } catch (IOException e) {
            if (!closed) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private synchronized void hear(JsonNode rows, long now) {
        String changed = "";
        for (JsonNode row : rows) {
            String action = row.path(1).asText();
            if (action.equals("old")) {
                // The next row has the new values, and does not repeat the row's identifier.
                changed = row.path(0).toString();
                continue;
            }
            String uuid = action.equals("new") && !changed.isEmpty()
                    ? changed
                    : row.path(0).toString();
            changed = "";
            if (action.equals("delete")) {
                String gone = names.remove(uuid);
                if (gone != null) {
                    live.remove(gone);
                }
                continue;
            }
            names.put(uuid, row.path(2).asText());
            if (row.path(3).asInt(0) > 0) {
                live.putIfAbsent(row.path(2).asText(), now);
            }
        }
        notifyAll();
    }

    /** Waits until this many interfaces with such names are live; returns when the last of them became live. */
    synchronized long awaitLive(String wanted, int count) {
        Pattern pattern = Pattern.compile(wanted);
        awaitThat(() -> since(pattern).size() >= count, count + " live interfaces " + wanted);
        return since(pattern).get(count - 1);
    }

    private synchronized List<Long> since(Pattern wanted) {
        return live.entrySet().stream()
                .filter(each -> wanted.matcher(each.getKey()).matches())
                .map(Map.Entry::getValue)
                .sorted()
                .toList();
    }

    /** Waits until the database has no such name. */
    synchronized void awaitGone(String unwanted) {
        Pattern pattern = Pattern.compile(unwanted);
        awaitThat(
                () -> names.values().stream()
                        .noneMatch(name -> pattern.matcher(name).matches()),
                "the end of the interfaces " + unwanted);
    }

    private synchronized void awaitThat(BooleanSupplier condition, String what) {
        long until = System.nanoTime() + LIMIT_NS;
        try {
            while (!condition.getAsBoolean()) {
                long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("waited too long for " + what);
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        monitor.destroy();
    }
}
