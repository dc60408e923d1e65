// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.opdbus.ledger.verify.Verification;
import org.opdbus.ledger.verify.Verifier;
import org.opdbus.ledger.write.FileLedger;

/** A real ledger for tests, and the changes that an attacker who knows the format could make to it. */
public final class SampleLedger {
    static final long SEGMENT_BYTES = 20_000;

    public final Path dir;

    private SampleLedger(Path dir) {
        this.dir = dir;
    }

    /** Writes a ledger of so many entries over several segments, with its key beside it. */
    public static SampleLedger write(Path dir, int entries) {
        SampleLedger sample = new SampleLedger(dir);
        sample.append(entries);
        return sample;
    }

    public LedgerOptions options() {
        return LedgerOptions.of(dir, "host1").withSegmentBytesMax(SEGMENT_BYTES);
    }

    public List<Entry> append(int entries) {
        try (FileLedger ledger = FileLedger.open(options())) {
            return append(ledger, entries);
        }
    }

    public static List<Entry> append(FileLedger ledger, int entries) {
        List<CompletableFuture<Entry>> all = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            all.add(ledger.append(new Draft("port.added", "vi" + i, Map.of("n", i))));
        }
        return all.stream().map(CompletableFuture::join).toList();
    }

    /** A copy, key and all, that can be harmed. */
    public SampleLedger copyTo(Path target) {
        try (Stream<Path> files = Files.list(dir)) {
            Files.createDirectories(target);
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
            Files.copy(LedgerOptions.publicKeyFileFor(dir), LedgerOptions.publicKeyFileFor(target));
            Files.copy(LedgerOptions.keyFileFor(dir), LedgerOptions.keyFileFor(target));
            return new SampleLedger(target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public VerifierKey key() {
        return VerifierKey.read(LedgerOptions.publicKeyFileFor(dir));
    }

    public Verification verify() {
        return Verifier.of(dir).withKey(key()).verify();
    }

    public List<LedgerDirectory.Segment> segments() {
        return new LedgerDirectory(dir).segments();
    }

    public Path checkpoint() {
        return dir.resolve("checkpoint");
    }

    /** All lines of all segments. */
    public List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (LedgerDirectory.Segment segment : segments()) {
            lines.addAll(Files.readAllLines(segment.file()));
        }
        return lines;
    }

    /** Writes lines over the segments, each as many as it is to hold by the names. */
    public void writeLines(List<String> lines) throws IOException {
        List<LedgerDirectory.Segment> segments = segments();
        for (int i = 0; i < segments.size(); i++) {
            int from = (int) Math.min(segments.get(i).first() - 1, lines.size());
            int to = i + 1 < segments.size()
                    ? (int) Math.min(segments.get(i + 1).first() - 1, lines.size())
                    : lines.size();
            StringBuilder text = new StringBuilder();
            lines.subList(from, to).forEach(line -> text.append(line).append('\n'));
            Files.writeString(segments.get(i).file(), text);
        }
    }

    /** The line of an entry with other data, and a right hash for it. */
    public static String forged(String line, Map<String, Object> data, String prev) {
        Entry entry = EntryFormat.parse(line.getBytes(StandardCharsets.UTF_8));
        return line(new Draft(entry.kind(), entry.subject(), data), entry.height(), entry.time(), prev);
    }

    /** The line of an entry of host1, with a right hash. */
    public static String line(Draft draft, long height, Instant time, String prev) {
        LineWriter writer = new LineWriter("host1");
        writer.write(EntryFormat.prepare(draft), height, time, HexFormat.of().parseHex(prev));
        return new String(Arrays.copyOf(writer.bytes(), writer.length() - 1), StandardCharsets.UTF_8);
    }

    public static Entry entry(String line) {
        return EntryFormat.parse(line.getBytes(StandardCharsets.UTF_8));
    }
}
