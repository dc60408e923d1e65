// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.read;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.EntryFormat;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.text.EntryTime;
import org.opdbus.ledger.text.LineScanner;

/**
 * Reads a ledger page by page, upwards or downwards from a height, and modifies nothing. A page costs what its limits say, wherever in
 * the ledger it is and however few entries its filter accepts. The form and the hash of each line are checked before it is returned.
 *
 * <p>Clocks step, so times need not ascend. A search ends all the same where for a while all entries are more than an hour past the
 * times of its filter.
 *
 * <p>Every method throws {@link LedgerException} when a file cannot be read (IO) or a line does not verify (DAMAGED).
 */
public final class EntryPages {
    private static final Duration CLOCK_STEP = Duration.ofHours(1);
    /** How much is read at once on the way down. */
    private static final long WINDOW_BYTES = 256L * 1024;

    private final LedgerDirectory directory;
    private final EntryFilter filter;
    private final EntryPage.Limits limits;

    private EntryPages(LedgerDirectory directory, EntryFilter filter, EntryPage.Limits limits) {
        this.directory = directory;
        this.filter = filter;
        this.limits = limits;
    }

    /** Creates a reader of pages of the ledger in a directory; refuses a directory that is not a ledger (NOT_A_LEDGER). */
    public static EntryPages of(Path dir, EntryFilter filter, EntryPage.Limits limits) {
        LedgerDirectory directory = new LedgerDirectory(dir);
        directory.existing();
        return new EntryPages(directory, filter, limits);
    }

    /** Returns the entry with this height, whatever the filter says; empty if there is none. Reads no later line. */
    public Optional<Entry> entry(long height) {
        List<LedgerDirectory.Segment> segments = directory.existing();
        int index = indexOf(segments, height);
        if (index < 0) {
            return Optional.empty();
        }
        LedgerDirectory.Segment segment = segments.get(index);
        List<Entry> found = new ArrayList<>(1);
        LedgerReader.read(segment, offsetNotAfter(segment, height), (line, bytes, from, length) -> {
            if (line.height == height) {
                found.add(EntryFormat.read(line, bytes));
            }
            return line.height < height;
        });
        return found.stream().findFirst();
    }

    /** Returns the entries that follow this height, in ascending order; 0 begins with the first. */
    public EntryPage after(long height) {
        List<LedgerDirectory.Segment> segments = directory.existing();
        Ascent ascent = new Ascent(height);
        for (int i = indexOf(segments, height + 1); i < segments.size() && !ascent.isOver; i++) {
            LedgerDirectory.Segment segment = segments.get(i);
            LedgerReader.read(segment, offsetNotAfter(segment, height + 1), ascent);
        }
        return ascent.page();
    }

    /** Returns the entries that come before this height, in descending order; {@link Long#MAX_VALUE} begins with the last. */
    public EntryPage before(long height) {
        List<LedgerDirectory.Segment> segments = directory.existing();
        Descent descent = new Descent(height);
        for (int i = indexOf(segments, height - 1); i >= 0 && !descent.isOver; i--) {
            descent.go(segments.get(i));
        }
        return descent.page();
    }

    /** Returns which segment holds a height; the first if none does. */
    private static int indexOf(List<LedgerDirectory.Segment> segments, long height) {
        int found = 0;
        for (int i = 0; i < segments.size(); i++) {
            if (segments.get(i).first() <= height) {
                found = i;
            }
        }
        return segments.isEmpty() ? -1 : found;
    }

    private static long offsetNotAfter(LedgerDirectory.Segment segment, long height) {
        try (LineOffsets offsets = LineOffsets.of(segment)) {
            return offsets.notAfter(height);
        } catch (IOException e) {
            throw LedgerException.io("cannot read the segment", segment.file(), e);
        }
    }

    /** What both directions count. */
    private abstract class Walk {
        private final List<Entry> entries = new ArrayList<>();
        private OptionalLong next = OptionalLong.empty();
        private long readBytes;
        private long answerBytes;
        private long pastBytes;
        boolean isOver;

        EntryPage page() {
            return new EntryPage(entries, next);
        }

        /** Ends the page; another one begins at this height. */
        void stop(long height) {
            isOver = true;
            next = OptionalLong.of(height);
        }

        boolean isFull() {
            return entries.size() >= limits.entries() || answerBytes >= limits.answerBytes();
        }

        boolean isReadEnough() {
            return readBytes >= limits.readBytes();
        }

        /** Counts lines that were read; the search is over where nothing more can be expected. */
        void read(long bytes, boolean arePast) {
            readBytes += bytes;
            pastBytes = arePast ? pastBytes + bytes : 0;
            isOver = pastBytes >= WINDOW_BYTES;
        }

        void add(Entry entry, int length) {
            entries.add(entry);
            answerBytes += length;
        }
    }

    /** The way up. */
    private final class Ascent extends Walk implements LedgerReader.LineConsumer {
        private final Optional<Instant> late = filter.until().map(until -> until.plus(CLOCK_STEP));
        private long last;

        Ascent(long height) {
            last = height;
        }

        @Override
        public boolean line(LineScanner line, byte[] bytes, int from, int length) {
            if (line.height <= last) {
                return true;
            }
            if (isFull() || isReadEnough()) {
                stop(last);
                return false;
            }
            last = line.height;
            if (filter.matches(line, bytes, length)) {
                add(EntryFormat.read(line, bytes), length);
            }
            read(
                    length,
                    late.isPresent() && EntryTime.read(bytes, line.timeFrom).isAfter(late.get()));
            return !isOver;
        }
    }

    /** The way down, one window of lines after the other. */
    private final class Descent extends Walk {
        private long above;

        Descent(long height) {
            above = height;
        }

        void go(LedgerDirectory.Segment segment) {
            try (LineOffsets offsets = LineOffsets.of(segment)) {
                long start = offsets.notAfter(above);
                take(segment, start);
                while (!isOver && start > 0) {
                    start = windowBefore(offsets, start);
                    take(segment, start);
                }
            } catch (IOException e) {
                throw LedgerException.io("cannot read the segment", segment.file(), e);
            }
        }

        /** Takes the entries from this offset up to the height above which they were taken already, the last first. */
        private void take(LedgerDirectory.Segment segment, long start) {
            Window window = new Window(above);
            LedgerReader.read(segment, start, window);
            read(window.bytes, window.isPast);
            for (int i = window.found.size() - 1; i >= 0; i--) {
                if (isFull()) {
                    stop(above);
                    return;
                }
                Found found = window.found.get(i);
                add(found.entry(), found.length());
                above = found.entry().height();
            }
            above = Math.min(above, window.first);
            if (!isOver && above > 1 && (isFull() || isReadEnough())) {
                stop(above);
            }
        }
    }

    /** Returns where a line begins that is about a window before another one, or farther if that line is longer. */
    private static long windowBefore(LineOffsets offsets, long line) throws IOException {
        long size = WINDOW_BYTES;
        long start = offsets.lineFrom(Math.max(0, line - size));
        while (start >= line) {
            size *= 2;
            start = offsets.lineFrom(Math.max(0, line - size));
        }
        return start;
    }

    private record Found(Entry entry, int length) {}

    /** The lines up to a height. */
    private final class Window implements LedgerReader.LineConsumer {
        private final Optional<Instant> early = filter.since().map(since -> since.minus(CLOCK_STEP));
        private final long end;
        private final List<Found> found = new ArrayList<>();
        private long first = Long.MAX_VALUE;
        private long bytes;
        private boolean isPast = early.isPresent();

        Window(long end) {
            this.end = end;
        }

        @Override
        public boolean line(LineScanner line, byte[] text, int from, int length) {
            if (line.height >= end) {
                return false;
            }
            first = Math.min(first, line.height);
            bytes += length;
            if (filter.matches(line, text, length)) {
                found.add(new Found(EntryFormat.read(line, text), length));
            }
            isPast = isPast && EntryTime.read(text, line.timeFrom).isBefore(early.orElseThrow());
            return true;
        }
    }
}
