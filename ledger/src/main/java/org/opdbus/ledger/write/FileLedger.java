// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.EntryFormat;
import org.opdbus.ledger.HostKey;
import org.opdbus.ledger.Ledger;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.VerifierKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A ledger in a directory, opened for writing by one process at a time. Readers need only the files.
 *
 * <p>One thread writes: everything that waits goes into one write and one fdatasync, and is acknowledged after it.
 * When writing fails, the ledger removes what was half written, fails and counts waiting and new drafts, and tries
 * again by itself, at growing intervals of up to ten seconds. When it succeeds, it records the gap as an entry {@code
 * ledger.recovered}. Drafts refused because the queue was full are recorded as {@code ledger.overflowed}, a torn line
 * that was dropped as {@code ledger.repaired}, entries that the host had not signed as {@code ledger.adopted}.
 */
public final class FileLedger implements Ledger {
    private static final Logger LOG = LoggerFactory.getLogger(FileLedger.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    private final Path dir;
    private final LedgerLock lock;
    private final Backlog backlog;
    private final CommitLoop commits;
    private final CheckpointWriter checkpoints;
    private final VerifierKey key;
    private final Opening opening;
    private final Thread thread;

    private FileLedger(LedgerOptions options, LedgerLock lock, HostKey hostKey, LedgerOpener.Opened opened) {
        dir = options.dir();
        this.lock = lock;
        key = hostKey.verifier();
        opening = opened.report();
        backlog = new Backlog(
                options,
                new Backlog.OnDisk(
                        opening.entries(), opened.hash(), opened.writer().bytesOnDisk()));
        checkpoints = new CheckpointWriter(
                new LedgerDirectory(options.dir()), hostKey, opened.checkpoint(), options.listener());
        // The unsigned entries are signed only after the ledger has recorded that they were
        // unsigned.
        opening.adoption().ifPresent(adoption -> {
            checkpoints.holdUntil(Long.MAX_VALUE);
            backlog.adopt(adoption.draft(opened.checkpoint()), checkpoints::holdUntil);
        });
        commits = new CommitLoop(options, backlog, checkpoints, opened);
        thread = new Thread(commits, "ledger-commit");
        thread.setDaemon(true);
        thread.start();
        opening.repair().ifPresent(this::record);
    }

    /**
     * Opens a ledger for writing, or begins one.
     *
     * @throws LedgerException if another process writes it (LOCKED), it does not verify (DAMAGED), its checkpoint or
     * key does not match (KEY), the directory is not a ledger's (NOT_A_LEDGER), or a file cannot be used (IO)
     */
    public static FileLedger open(LedgerOptions options) {
        LedgerDirectory directory = new LedgerDirectory(options.dir());
        try {
            Files.createDirectories(
                    options.dir().toAbsolutePath(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            LedgerLock lock = LedgerLock.take(directory);
            boolean open = false;
            try {
                HostKey key = HostKey.open(options.keyFile(), keyName(options.host()));
                LedgerOpener.Opened opened = new LedgerOpener(directory, key).open();
                FileLedger ledger = new FileLedger(options, lock, key, opened);
                open = true;
                return ledger;
            } finally {
                if (!open) {
                    lock.close();
                }
            }
        } catch (IOException e) {
            throw LedgerException.io("cannot open the ledger", options.dir(), e);
        }
    }

    /**
     * Returns the origin of a host's checkpoints: a name in the form of c2sp.org/tlog-checkpoint, without spaces or
     * plus signs.
     */
    private static String keyName(String host) {
        return host.replaceAll("[\\s+]", "-") + "/op-dbus/ledger";
    }

    @Override
    public CompletableFuture<Entry> append(Draft draft) {
        CompletableFuture<Entry> entry = new CompletableFuture<>();
        try {
            backlog.offer(EntryFormat.prepare(draft), entry).ifPresent(entry::completeExceptionally);
        } catch (LedgerException e) {
            entry.completeExceptionally(e);
        }
        return entry;
    }

    @Override
    public int waiting() {
        return backlog.waiting();
    }

    @Override
    public Optional<Head> head() {
        return commits.head();
    }

    @Override
    public Checkpoint checkpoint() {
        return checkpoints.current();
    }

    @Override
    public Checkpoint signed() {
        return checkpoints.signed();
    }

    /** Returns the key that signs this ledger's checkpoints. */
    public VerifierKey key() {
        return key;
    }

    /** Returns what opening found. */
    public Opening opening() {
        return opening;
    }

    /** Returns how many commits there were; a commit is one write and one sync of everything that waited. */
    public long commits() {
        return commits.count();
    }

    @Override
    public void close() {
        backlog.close();
        try {
            thread.join(CLOSE_LIMIT.toMillis());
            if (thread.isAlive()) {
                LOG.error("the disk does not answer; the ledger is left unchanged dir={}", dir);
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        checkpoints.close();
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("lock not closed dir={} reason={}", dir, LedgerException.inWords(e));
        }
    }

    private void record(Opening.Repair repair) {
        Draft draft = new Draft(
                "ledger.repaired",
                "ledger",
                Map.of(
                        "segment", String.valueOf(repair.file().getFileName()),
                        "offset", repair.offset(),
                        "bytes", repair.bytes(),
                        "sha256", repair.sha256()));
        CompletableFuture<Void> unused = append(draft).handle((entry, failure) -> {
            if (failure != null) {
                LOG.warn("repair not recorded dir={} reason={}", dir, failure.getMessage());
            }
            return null;
        });
    }
}
