// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.opdbus.ledger.text.LineScanner;

/**
 * The files of a ledger and their names.
 *
 * @param path the directory
 */
public record LedgerDirectory(Path path) {
    static final String CHECKPOINT = "checkpoint";
    public static final String CHECKPOINT_NEW = "checkpoint.new";
    static final String LOCK = "lock";

    private static final String SEGMENT_SUFFIX = ".jsonl";
    private static final String LEAVES_SUFFIX = ".leaves";
    private static final Pattern NUMBERED = Pattern.compile("[0-9]{20}\\.(jsonl|leaves)");
    /** Other permitted names: ours, and what ext4 puts into the root of a file system. */
    private static final Set<String> OTHER_NAMES = Set.of(CHECKPOINT, CHECKPOINT_NEW, LOCK, "lost+found");

    /** A file of entries, and the height of its first entry according to its name. */
    public record Segment(long first, Path file) {}

    public static Path directoryOf(Segment segment) {
        return segment.file().toAbsolutePath().resolveSibling("");
    }

    public Path checkpoint() {
        return path.resolve(CHECKPOINT);
    }

    public Path lock() {
        return path.resolve(LOCK);
    }

    public Segment segment(long first) {
        return new Segment(first, path.resolve(numbered(first) + SEGMENT_SUFFIX));
    }

    public Path leaves(long first) {
        return path.resolve(numbered(first) + LEAVES_SUFFIX);
    }

    private static String numbered(long first) {
        return String.format(Locale.ROOT, "%020d", first);
    }

    /**
     * Returns the segments in order of height; refuses a directory that holds files that are not a ledger's.
     *
     * <p>A writer may begin segments meanwhile, and one pass over a directory may show a file that was made during it
     * and not show one that was made just before. Segments are made in order, so the files that a second pass shows,
     * up to the newest one of the first pass, are complete.
     */
    public List<Segment> segments() {
        List<Segment> before = list();
        long newest = before.stream().mapToLong(Segment::first).max().orElse(0);
        return list().stream()
                .filter(segment -> segment.first() <= newest)
                .sorted(Comparator.comparingLong(Segment::first))
                .toList();
    }

    private List<Segment> list() {
        List<Segment> segments = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
            for (Path file : files) {
                named(file).ifPresent(segments::add);
            }
        } catch (NotDirectoryException e) {
            throw new LedgerException(
                    LedgerException.Reason.NOT_A_LEDGER, path + " is not a ledger: it is not a directory", e);
        } catch (NoSuchFileException e) {
            throw new LedgerException(
                    LedgerException.Reason.IO,
                    "there is no ledger in " + path + ": no agent has made one there yet; start the agent, or name the "
                            + "right directory (--dir, or ledger.dir of the configuration)",
                    e);
        } catch (IOException e) {
            throw LedgerException.io("cannot list the ledger", path, e);
        }
        return segments;
    }

    /** Returns the segments of an existing ledger: a directory with a segment or a checkpoint. */
    public List<Segment> existing() {
        List<Segment> segments = segments();
        if (segments.isEmpty() && !Files.exists(checkpoint())) {
            throw new LedgerException(
                    LedgerException.Reason.NOT_A_LEDGER,
                    path + " is not a ledger: it holds no segment " + "and no checkpoint");
        }
        return segments;
    }

    private Optional<Segment> named(Path file) {
        String name = file.getFileName().toString();
        if (OTHER_NAMES.contains(name)) {
            return Optional.empty();
        }
        // Nineteen digits, the most that a long holds.
        if (!NUMBERED.matcher(name).matches() || name.charAt(0) != '0') {
            throw new LedgerException(
                    LedgerException.Reason.NOT_A_LEDGER,
                    path + " is not a ledger, or not only a ledger: " + name + " in it is not a ledger's file");
        }
        long first;
        try {
            first = Long.parseLong(name.substring(0, 20));
        } catch (NumberFormatException e) {
            first = 0;
        }
        if (first < 1 || first > LineScanner.INTEGER_MAX) {
            throw new LedgerException(
                    LedgerException.Reason.NOT_A_LEDGER, file + " is named after a height that no entry can have");
        }
        return name.endsWith(SEGMENT_SUFFIX) ? Optional.of(new Segment(first, file)) : Optional.empty();
    }

    /** Syncs the changes of the directory itself (files created, renamed). */
    public void sync() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
