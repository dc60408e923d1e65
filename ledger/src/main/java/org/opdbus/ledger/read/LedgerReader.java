// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.read;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.EntryFormat;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.LedgerFile;
import org.opdbus.ledger.text.LineScanner;
import org.opdbus.ledger.text.Sha256;
import org.opdbus.ledger.verify.Verifier;

/**
 * Reads a ledger's entries from its files, also while another process writes them, and modifies nothing. Memory does
 * not grow with the ledger. It checks each line's form and hash before it returns the line; {@link Verifier} checks
 * the chain and the signature. It does not return a last line that is not complete yet.
 *
 * <p>Every method throws {@link LedgerException} when a file cannot be read (IO) or a line does not verify (DAMAGED).
 */
public final class LedgerReader {
    private static final int BLOCK_BYTES = 64 * 1024;
    private static final Pattern HEIGHT = Pattern.compile("[0-9]{1,16}");
    private static final Pattern HASH_PREFIX = Pattern.compile("[0-9a-f]{4,64}");
    private static final int AMBIGUOUS_SHOWN = 4;

    private final LedgerDirectory directory;

    private LedgerReader(LedgerDirectory directory) {
        this.directory = directory;
    }

    /** Creates a reader of the ledger in a directory; refuses a directory that is not a ledger (NOT_A_LEDGER). */
    public static LedgerReader of(Path dir) {
        LedgerDirectory directory = new LedgerDirectory(dir);
        directory.existing();
        return new LedgerReader(directory);
    }

    /** Receives the lines of entries. */
    interface LineConsumer {
        /** Returns whether to continue; the newline is at {@code from + length}. */
        boolean line(LineScanner line, byte[] bytes, int from, int length);
    }

    /** Returns the last entry; empty if there is none. */
    public Optional<Entry> last() {
        Deque<Entry> last = new ArrayDeque<>();
        tail(1, last::add);
        return Optional.ofNullable(last.peekLast());
    }

    /** Returns this many of the last entries in order. It searches from the end, without reading earlier entries. */
    public void tail(long count, Consumer<Entry> each) {
        Deque<Part> parts = new ArrayDeque<>();
        List<LedgerDirectory.Segment> segments = directory.existing();
        long wanted = count;
        for (int i = segments.size() - 1; i >= 0 && wanted > 0; i--) {
            Part part = lastLines(segments.get(i), wanted);
            parts.addFirst(part);
            wanted -= part.lines();
        }
        for (Part part : parts) {
            read(part.segment(), part.from(), (line, bytes, from, length) -> {
                each.accept(EntryFormat.read(line, bytes));
                return true;
            });
        }
    }

    /** Returns the entry with a height; NO_SUCH_ENTRY if there is none. */
    public Entry entry(long height) {
        List<Entry> found = new ArrayList<>(1);
        LedgerDirectory.Segment segment = segmentOf(height);
        if (segment != null) {
            read(segment, 0, (line, bytes, from, length) -> {
                if (line.height == height) {
                    found.add(EntryFormat.read(line, bytes));
                }
                return line.height < height;
            });
        }
        if (found.isEmpty()) {
            String there = last().map(entry -> "entries 1 to " + entry.height()).orElse("no entries");
            throw new LedgerException(
                    LedgerException.Reason.NO_SUCH_ENTRY,
                    "no entry " + height + ": the ledger " + directory.path() + " holds " + there);
        }
        return found.get(0);
    }

    /** Returns the entry with a height, or the one whose hash begins with at least four given hex digits. */
    public Entry find(String heightOrHash) {
        String wanted = heightOrHash.toLowerCase(Locale.ROOT);
        if (HEIGHT.matcher(wanted).matches()) {
            return entry(Long.parseLong(wanted));
        }
        if (!HASH_PREFIX.matcher(wanted).matches()) {
            throw new LedgerException(
                    LedgerException.Reason.NO_SUCH_ENTRY,
                    "\"" + heightOrHash + "\" is neither a height nor the first four or more hex digits of a hash");
        }
        byte[] prefix = wanted.getBytes(StandardCharsets.US_ASCII);
        List<Entry> found = new ArrayList<>();
        forEachLine((line, bytes, from, length) -> {
            if (Arrays.equals(bytes, line.hashFrom, line.hashFrom + prefix.length, prefix, 0, prefix.length)) {
                found.add(EntryFormat.read(line, bytes));
            }
            return found.size() < AMBIGUOUS_SHOWN;
        });
        if (found.size() != 1) {
            List<Long> heights = found.stream().map(Entry::height).toList();
            throw new LedgerException(
                    LedgerException.Reason.NO_SUCH_ENTRY,
                    found.isEmpty()
                            ? "no entry has a hash that begins with " + wanted
                            : "several entries have a hash that begins with " + wanted + ": " + heights
                                    + "; give more digits");
        }
        return found.get(0);
    }

    /** Passes on every entry that a filter accepts, in order. */
    public void search(EntryFilter filter, Consumer<Entry> each) {
        forEachLine((line, bytes, from, length) -> {
            if (filter.matches(line, bytes, length)) {
                each.accept(EntryFormat.read(line, bytes));
            }
            return true;
        });
    }

    /**
     * Returns the entries that the host had not signed when an agent started on them, in order; reads the whole
     * ledger.
     */
    public List<Adoption> adoptions() {
        List<Adoption> adoptions = new ArrayList<>();
        search(
                EntryFilter.ALL.withKind(Adoption.KIND),
                entry -> Adoption.of(entry).ifPresent(adoptions::add));
        return adoptions;
    }

    /** Passes on every entry from a height on, in order; reads nothing of the earlier segments. */
    public void from(long height, Consumer<Entry> each) {
        LedgerDirectory.Segment begin = segmentOf(height);
        for (LedgerDirectory.Segment segment : directory.existing()) {
            if (begin == null || segment.first() >= begin.first()) {
                read(segment, 0, (line, bytes, from, length) -> {
                    if (line.height >= height) {
                        each.accept(EntryFormat.read(line, bytes));
                    }
                    return true;
                });
            }
        }
    }

    /**
     * Passes on the entries of these heights, in order, while the receiver returns true; reads nothing of the earlier
     * segments.
     */
    public void range(long first, long last, Predicate<Entry> each) {
        LedgerDirectory.Segment begin = segmentOf(first);
        for (LedgerDirectory.Segment segment : directory.existing()) {
            boolean isBefore = begin != null && segment.first() < begin.first();
            if (!isBefore
                    && !read(
                            segment,
                            0,
                            (line, bytes, from, length) -> line.height <= last
                                    && (line.height < first || each.test(EntryFormat.read(line, bytes))))) {
                return;
            }
        }
    }

    /** Writes the lines of every entry that a filter accepts, byte for byte as they are on disk. */
    public void export(EntryFilter filter, OutputStream out) throws IOException {
        IOException[] failure = new IOException[1];
        forEachLine((line, bytes, from, length) -> {
            try {
                if (filter.matches(line, bytes, length)) {
                    out.write(bytes, from, length + 1);
                }
                return true;
            } catch (IOException e) {
                failure[0] = e;
                return false;
            }
        });
        if (failure[0] != null) {
            throw failure[0];
        }
    }

    /**
     * Waits for entries as they are written.
     *
     * @param afterHeight the entry after which to begin; 0 to begin with the first
     */
    public LedgerFollower follow(long afterHeight) {
        return LedgerFollower.start(directory, afterHeight);
    }

    private void forEachLine(LineConsumer each) {
        for (LedgerDirectory.Segment segment : directory.existing()) {
            if (!read(segment, 0, each)) {
                return;
            }
        }
    }

    private LedgerDirectory.@Nullable Segment segmentOf(long height) {
        LedgerDirectory.Segment found = null;
        for (LedgerDirectory.Segment segment : directory.existing()) {
            if (segment.first() <= height) {
                found = segment;
            }
        }
        return found;
    }

    /** Reads lines from an offset to the segment's present end; returns false if the consumer stopped it. */
    static boolean read(LedgerDirectory.Segment segment, long offset, LineConsumer each) {
        LineScanner scanner = new LineScanner();
        Sha256 sha = new Sha256();
        try (ChunkReader reader = new ChunkReader(segment, offset)) {
            Optional<Chunk> next = reader.next();
            while (next.isPresent()) {
                Chunk chunk = next.get();
                byte[] bytes = chunk.bytes();
                int from = 0;
                while (from < chunk.length()) {
                    int to = from;
                    while (to < chunk.length() && bytes[to] != '\n') {
                        to++;
                    }
                    String problem = EntryFormat.problem(scanner, sha, bytes, from, to - from);
                    if (problem != null) {
                        throw new LedgerException(
                                LedgerException.Reason.DAMAGED,
                                segment.file() + ", byte " + (chunk.offset() + from) + ": " + problem
                                        + "; op-dbus ledger verify shows more");
                    }
                    if (!each.line(scanner, bytes, from, to - from)) {
                        return false;
                    }
                    from = to + 1;
                }
                next = reader.next();
            }
            return true;
        } catch (IOException e) {
            throw LedgerException.io("cannot read the segment", segment.file(), e);
        }
    }

    /**
     * The end of a segment.
     *
     * @param from where its first line begins
     * @param lines how many whole lines follow
     */
    private record Part(LedgerDirectory.Segment segment, long from, long lines) {}

    /** Finds this many of the last whole lines, or all if there are fewer, reading backwards. */
    private static Part lastLines(LedgerDirectory.Segment segment, long wanted) {
        try (FileChannel channel = LedgerFile.openToRead(segment.file())) {
            ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
            long newlines = 0;
            long end = channel.size();
            while (end > 0) {
                long start = Math.max(0, end - BLOCK_BYTES);
                block.clear().limit((int) (end - start));
                while (block.hasRemaining() && channel.read(block, start + block.position()) >= 0) {
                    // A read may return less than was requested.
                }
                for (int i = block.position() - 1; i >= 0; i--) {
                    if (block.get(i) == '\n' && ++newlines > wanted) {
                        return new Part(segment, start + i + 1, wanted);
                    }
                }
                end = start;
            }
            return new Part(segment, 0, newlines);
        } catch (IOException e) {
            throw LedgerException.io("cannot read the segment", segment.file(), e);
        }
    }
}
