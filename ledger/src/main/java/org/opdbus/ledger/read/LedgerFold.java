// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.read;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.EntryFormat;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.LedgerFile;
import org.opdbus.ledger.text.Sha256;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds a ledger into something smaller without reading all of it each time: a file beside the ledger keeps the
 * entries that still matter, and the last one that was read. The file is derived. It is used only if the ledger holds
 * that last entry with the same hash; otherwise, and if anything else in it is wrong, the whole ledger is read.
 *
 * <p>The file: the SHA-256 of the rest in hex on the first line, then lines of entries, the last one read at the end.
 */
public final class LedgerFold {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerFold.class);

    /** Reading fewer entries than this is quicker than writing a file. */
    private static final int WORTH_REMEMBERING = 256;

    private static final int FILE_BYTES_MAX = 64 * 1024 * 1024;

    /** The result of folding a ledger. */
    public interface Fold {
        /** Adds the next entry. */
        void add(Entry entry);

        /**
         * Returns the entries so far that still matter: adding only them, in this order, must give the same result.
         */
        List<Entry> remaining();
    }

    private final Path dir;
    private final Path file;

    private LedgerFold(Path dir, Path file) {
        this.dir = dir;
        this.file = file;
    }

    /** Creates a fold of the ledger in a directory, stored in a file elsewhere. */
    public static LedgerFold of(Path dir, Path file) {
        return new LedgerFold(dir, file);
    }

    /**
     * Folds all present entries.
     *
     * @param empty makes a fold of no entries
     * @throws LedgerException if the ledger cannot be read (IO) or a line does not verify (DAMAGED)
     */
    public <F extends Fold> F read(Supplier<F> empty) {
        Optional<F> quick = remembered().flatMap(entries -> goOn(entries, empty.get()));
        if (quick.isPresent()) {
            return quick.get();
        }
        F fold = empty.get();
        Position position = new Position();
        LedgerReader.of(dir).from(1, entry -> position.add(entry, fold));
        position.remember(fold);
        return fold;
    }

    /** Continues from the stored last entry; empty if the ledger does not hold it. */
    private <F extends Fold> Optional<F> goOn(List<Entry> remembered, F fold) {
        Entry mark = remembered.get(remembered.size() - 1);
        remembered.subList(0, remembered.size() - 1).forEach(fold::add);
        Position position = new Position();
        boolean[] fits = new boolean[1];
        LedgerReader.of(dir).from(mark.height(), entry -> {
            if (entry.height() == mark.height()) {
                fits[0] = entry.equals(mark);
            } else if (fits[0]) {
                position.add(entry, fold);
            }
        });
        if (!fits[0]) {
            LOG.warn("the stored fold is not of this ledger, reading the whole ledger file={} " + "dir={}", file, dir);
            return Optional.empty();
        }
        position.remember(fold);
        return Optional.of(fold);
    }

    /** How far reading has come. */
    private final class Position {
        private Optional<Entry> last = Optional.empty();
        private long read;

        void add(Entry entry, Fold fold) {
            fold.add(entry);
            last = Optional.of(entry);
            read++;
        }

        void remember(Fold fold) {
            if (last.isPresent() && read >= WORTH_REMEMBERING) {
                List<Entry> entries = new ArrayList<>(fold.remaining());
                entries.add(last.get());
                write(entries);
            }
        }
    }

    private Optional<List<Entry>> remembered() {
        try {
            return Optional.of(parse(LedgerFile.read(file, FILE_BYTES_MAX)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | LedgerException e) {
            LOG.warn(
                    "the stored fold is not usable file={} reason={}",
                    file,
                    e instanceof IOException failure ? LedgerException.inWords(failure) : e.getMessage());
            return Optional.empty();
        }
    }

    private static List<Entry> parse(byte[] bytes) throws IOException {
        int from = 2 * Sha256.BYTES + 1;
        if (bytes.length <= from
                || bytes[bytes.length - 1] != '\n'
                || !sum(bytes, from).equals(start(bytes))) {
            throw new IOException("its content has changed");
        }
        List<Entry> entries = new ArrayList<>();
        for (int to = from; to < bytes.length; to++) {
            if (bytes[to] == '\n') {
                entries.add(EntryFormat.parse(bytes, from, to - from));
                from = to + 1;
            }
        }
        return entries;
    }

    private static String start(byte[] bytes) {
        return new String(bytes, 0, 2 * Sha256.BYTES, StandardCharsets.US_ASCII);
    }

    private static String sum(byte[] bytes, int from) {
        byte[] sum = new byte[Sha256.BYTES];
        new Sha256().update(bytes, from, bytes.length - from).finish(sum, 0);
        return HexFormat.of().formatHex(sum);
    }

    /** Replaces the file as a whole. If that fails, only the next start is slower. */
    private void write(List<Entry> entries) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        entries.forEach(entry -> lines.writeBytes((entry.line() + "\n").getBytes(StandardCharsets.UTF_8)));
        byte[] content = lines.toByteArray();
        byte[] start = (sum(content, 0) + "\n").getBytes(StandardCharsets.US_ASCII);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            try (FileChannel channel = LedgerFile.replace(
                    fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                channel.write(new ByteBuffer[] {ByteBuffer.wrap(start), ByteBuffer.wrap(content)});
                channel.force(false);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn(
                    "cannot store the fold, the next start reads more file={} reason={}",
                    file,
                    LedgerException.inWords(e));
        }
    }
}
