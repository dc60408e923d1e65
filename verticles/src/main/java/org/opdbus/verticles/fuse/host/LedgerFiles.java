// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.LedgerException.Reason;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.verticles.fuse.host.NodeNumber.Kind;
import org.opdbus.verticles.fuse.tree.Node;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder {@code ledger}, read from the ledger's files. It lists the last {@value #LISTED_MAX} entries; an older one has its
 * file too, under its height. Reading an entry means reading up to a segment of the ledger, so the sizes of the listed entries and
 * some of their text stay in memory. Safe for use by any thread.
 */
final class LedgerFiles {
    /** A ledger may have a million entries; a folder of a million is of no use to a reader. */
    static final int LISTED_MAX = 1_000;

    private static final int CACHED_BYTES_MAX = 512 << 10;
    private static final int SIZES_MAX = LISTED_MAX + 200;
    private static final Pattern NAME = Pattern.compile("[1-9][0-9]{0,15}\\.json");
    private static final Logger LOG = LoggerFactory.getLogger(LedgerFiles.class);

    private final Path folder;
    /** In the order of use. */
    private final Map<Long, byte[]> texts = new LinkedHashMap<>(16, 0.75f, true);

    private final Map<Long, Facts> facts = new LinkedHashMap<>(16, 0.75f, true);
    private long textBytes;
    private volatile boolean hasWarned;

    /** What a listing shows of an entry. */
    private record Facts(int size, Instant time) {}

    LedgerFiles(Path folder) {
        this.folder = folder;
    }

    static String name(long height) {
        return height + ".json";
    }

    Node.Folder folder() {
        Optional<Entry> last = last();
        return new ListedFolder(
                FixedNode.LEDGER,
                last.map(Entry::time).orElse(Instant.EPOCH),
                0,
                () -> Stream.concat(Stream.of(FixedNode.HEAD_NAME), listed(last).mapToObj(LedgerFiles::name))
                        .toList(),
                name -> name.equals(FixedNode.HEAD_NAME)
                        ? Optional.of(head(last))
                        : height(name)
                                .filter(height ->
                                        last.isPresent() && height <= last.get().height())
                                .flatMap(this::entry));
    }

    /** Returns the file of an entry; empty if there is none of this height. */
    Optional<Node> entry(long height) {
        return facts(height).map(known -> new EntryFile(height, known));
    }

    Node head() {
        return head(last());
    }

    private static Node head(Optional<Entry> last) {
        return PlainFile.line(
                FixedNode.HEAD,
                last.map(Entry::time).orElse(Instant.EPOCH),
                last.map(entry -> "{\"hash\":\"" + entry.hash() + "\",\"height\":" + entry.height() + "}")
                        .orElse("{\"hash\":\"" + Entry.NO_ENTRY + "\",\"height\":0}"));
    }

    private static LongStream listed(Optional<Entry> last) {
        return last.map(entry -> LongStream.rangeClosed(Math.max(1, entry.height() - LISTED_MAX + 1), entry.height()))
                .orElseGet(LongStream::empty);
    }

    private static Optional<Long> height(String name) {
        return NAME.matcher(name).matches()
                ? Optional.of(Long.parseLong(name.substring(0, name.indexOf('.'))))
                : Optional.empty();
    }

    private Optional<Entry> last() {
        return read(() -> LedgerReader.of(folder).last());
    }

    private synchronized Optional<Facts> facts(long height) {
        Facts known = facts.get(height);
        if (known == null) {
            fill(height);
            known = facts.get(height);
        }
        return Optional.ofNullable(known);
    }

    private synchronized byte[] text(long height) {
        byte[] text = texts.get(height);
        if (text == null) {
            fill(height);
            text = texts.get(height);
        }
        return text == null ? new byte[0] : text.clone();
    }

    /** Reads an entry, and with a listed one the listed ones behind it, because a reader of all begins with the oldest. */
    private void fill(long height) {
        LedgerReader reader = read(() -> Optional.of(LedgerReader.of(folder))).orElse(null);
        Optional<Entry> last = reader == null ? Optional.empty() : read(reader::last);
        if (reader == null || last.isEmpty() || height > last.get().height()) {
            return;
        }
        long behind = last.get().height() - height;
        read(() -> {
            long[] left = {CACHED_BYTES_MAX};
            if (behind < LISTED_MAX) {
                reader.tail(behind + 1, entry -> keep(entry, left));
            }
            if (!facts.containsKey(height)) {
                // Entries were written meanwhile, so that the tail began later.
                keep(reader.entry(height), left);
            }
            return Optional.empty();
        });
    }

    private void keep(Entry entry, long[] left) {
        byte[] line = (entry.line() + "\n").getBytes(StandardCharsets.UTF_8);
        facts.put(entry.height(), new Facts(line.length, entry.time()));
        shrink(facts);
        // The first one always fits, because a reader waits for it.
        if (left[0] == CACHED_BYTES_MAX || line.length <= left[0]) {
            left[0] = Math.max(0, left[0] - line.length);
            byte[] before = texts.put(entry.height(), line);
            textBytes += line.length - (before == null ? 0 : before.length);
            var oldest = texts.entrySet().iterator();
            while (textBytes > CACHED_BYTES_MAX && texts.size() > 1) {
                textBytes -= oldest.next().getValue().length;
                oldest.remove();
            }
        }
    }

    private static void shrink(Map<Long, Facts> facts) {
        var oldest = facts.keySet().iterator();
        while (facts.size() > SIZES_MAX) {
            oldest.next();
            oldest.remove();
        }
    }

    /** A question to the ledger's files. */
    private interface Question<T> {
        Optional<T> ask();
    }

    private <T> Optional<T> read(Question<T> question) {
        try {
            Optional<T> answer = question.ask();
            hasWarned = false;
            return answer;
        } catch (LedgerException e) {
            if (e.reason() != Reason.NO_SUCH_ENTRY && e.reason() != Reason.NOT_A_LEDGER && !hasWarned) {
                hasWarned = true;
                LOG.warn("the folder ledger shows no entries: {}", e.getMessage());
            }
            return Optional.empty();
        }
    }

    private final class EntryFile implements Node.TextFile {
        private final long height;
        private final Facts known;

        EntryFile(long height, Facts known) {
            this.height = height;
            this.known = known;
        }

        @Override
        public long id() {
            return NodeNumber.id(Kind.ENTRY, height);
        }

        @Override
        public Instant modified() {
            return known.time();
        }

        @Override
        public long size() {
            return known.size();
        }

        @Override
        public byte[] content() {
            return text(height);
        }
    }
}
