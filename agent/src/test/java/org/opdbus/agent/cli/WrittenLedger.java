// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;

/** A real ledger on disk, in several segments; one entry a minute from the first of January 2025 on. */
public final class WrittenLedger {
    static final Instant START = Instant.parse("2025-01-01T00:00:00Z");
    private static final long SEGMENT_BYTES = 3000;

    public final Path dir;
    private final String host;

    private WrittenLedger(Path dir, String host) {
        this.dir = dir;
        this.host = host;
    }

    /** A ledger of host1. */
    public static WrittenLedger of(Path dir, int entries) {
        return of(dir, "host1", entries);
    }

    static WrittenLedger of(Path dir, String host, int entries) {
        WrittenLedger written = new WrittenLedger(dir, host);
        written.append(entries);
        return written;
    }

    public FileLedger open() {
        int[] minute = {(int) count()};
        return FileLedger.open(LedgerOptions.of(dir, host)
                .withSegmentBytesMax(SEGMENT_BYTES)
                .withClock(() -> START.plusSeconds(60L * minute[0]++)));
    }

    public List<Entry> append(int entries) {
        try (FileLedger ledger = open()) {
            long before = count();
            // One after the other, so that every entry has a minute of its own.
            return IntStream.range(0, entries)
                    .mapToObj(i -> append(ledger, before + i + 1))
                    .toList();
        }
    }

    public static Entry append(FileLedger ledger, long number) {
        String kind = number % 2 == 0 ? "container.enrolled" : "container.started";
        return ledger.append(new Draft(kind, "10" + number, Map.of("link", "vi10" + number, "name", "größe")))
                .join();
    }

    Path key() {
        return LedgerOptions.publicKeyFileFor(dir);
    }

    public Path checkpoint() {
        return dir.resolve("checkpoint");
    }

    List<Path> segments() {
        if (!Files.exists(dir)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(dir)) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All lines of all segments, newlines included. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (Path segment : segments()) {
            try {
                text.append(Files.readString(segment));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return text.toString();
    }

    List<String> lines() {
        return text().lines().toList();
    }

    private long count() {
        return text().lines().count();
    }

    /** Changes one byte in the middle of the first line of a segment; returns the segment. */
    Path tamperWith(int segment) throws IOException {
        Path file = segments().get(segment);
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("vi10");
        bytes[at] = 'w';
        Files.write(file, bytes);
        return file;
    }
}
