// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.LedgerException.Reason;
import org.opdbus.ledger.LedgerListener;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.VerifierKey;
import org.opdbus.ledger.read.Adoption;
import org.opdbus.ledger.read.EntryFilter;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.ledger.verify.Verification;
import org.opdbus.ledger.verify.Verifier;

/** A real file system of 1 MiB that fills up, and one that becomes read-only. */
final class FullDiskIT {
    /** What mount(8) ends with when the kernel refuses. */
    private static final int BUSY = 32;

    private static final long GENEROUS_SECONDS = 60;

    @TempDir
    Path temp;

    private final BlockingQueue<String> degraded = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> recovered = new LinkedBlockingQueue<>();
    private Path disk;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        disk = Files.createDirectory(temp.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString());
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        run("umount", "-l", disk.toString());
    }

    private static Process started(String... command) throws IOException {
        return new ProcessBuilder(command).inheritIO().start();
    }

    private static void run(String... command) throws IOException, InterruptedException {
        assertThat(started(command).waitFor()).as(String.join(" ", command)).isZero();
    }

    private LedgerOptions options() {
        return LedgerOptions.of(disk.resolve("ledger"), "host1")
                .withKeyFile(temp.resolve("host.key"))
                .withSegmentBytesMax(100_000)
                .withListener(new LedgerListener() {
                    @Override
                    public void degraded(String reason) {
                        degraded.add(reason);
                    }

                    @Override
                    public void recovered(long lost) {
                        recovered.add(lost);
                    }
                });
    }

    private static Draft draft(int i) {
        return new Draft("container.enrolled", "c" + i, Map.of("text", "x".repeat(500)));
    }

    private Verification verify() {
        return verifier().verify();
    }

    private Verifier verifier() {
        return Verifier.of(disk.resolve("ledger")).withKey(VerifierKey.read(temp.resolve("host.pub")));
    }

    @Test
    void what_was_adopted_is_recorded_before_anything_is_signed_although_the_disk_is_full_at_first()
            throws IOException, InterruptedException {
        byte[] older;
        try (FileLedger ledger = FileLedger.open(options())) {
            ledger.append(draft(0)).join();
        }
        older = Files.readAllBytes(disk.resolve("ledger/checkpoint"));
        try (FileLedger ledger = FileLedger.open(options())) {
            // To the end of a page: nothing fits behind it without room for another one.
            while (Files.size(disk.resolve("ledger/00000000000000000001.jsonl")) % 4096 < 3700) {
                ledger.append(draft(1)).join();
            }
        }
        long unsigned =
                LedgerReader.of(disk.resolve("ledger")).last().orElseThrow().height();
        Files.write(disk.resolve("ledger/checkpoint"), older);
        Path ballast = disk.resolve("ballast");
        run("sh", "-c", "dd if=/dev/zero of=" + ballast + " bs=4k 2>/dev/null; true");
        List<Checkpoint> signed = new CopyOnWriteArrayList<>();
        LedgerListener listener = new LedgerListener() {
            @Override
            public void degraded(String reason) {
                degraded.add(reason);
            }

            @Override
            public void recovered(long lost) {
                recovered.add(lost);
            }

            @Override
            public void checkpointed(Checkpoint checkpoint) {
                signed.add(checkpoint);
            }
        };
        try (FileLedger ledger = FileLedger.open(options().withListener(listener))) {
            assertThat(degraded.poll(GENEROUS_SECONDS, TimeUnit.SECONDS)).contains("space");
            Files.delete(ballast);
            assertThat(recovered.poll(GENEROUS_SECONDS, TimeUnit.SECONDS)).isZero();
            ledger.append(draft(2)).join();
        }
        List<Adoption> adoptions = LedgerReader.of(disk.resolve("ledger")).adoptions();
        assertThat(adoptions).singleElement().satisfies(adoption -> {
            assertThat(adoption.from()).isEqualTo(2);
            assertThat(adoption.to()).isEqualTo(unsigned);
        });
        assertThat(signed)
                .isNotEmpty()
                .allMatch(checkpoint -> checkpoint.size() >= adoptions.get(0).recordedAt());
        assertThat(verify().findings()).isEmpty();
    }

    @Test
    void a_full_disk_fails_appends_loudly_and_the_ledger_recovers_by_itself_when_there_is_room()
            throws IOException, InterruptedException {
        Path ballast = Files.write(disk.resolve("ballast"), new byte[300_000]);
        List<Entry> kept = new ArrayList<>();
        long lost = 0;
        try (FileLedger ledger = FileLedger.open(options())) {
            for (int i = 0; degraded.isEmpty(); i++) {
                try {
                    kept.add(ledger.append(draft(i)).join());
                } catch (CompletionException e) {
                    assertThat(e.getCause()).isInstanceOf(LedgerException.class).hasMessageContaining("space");
                    assertThat(((LedgerException) e.getCause()).reason()).isEqualTo(Reason.DEGRADED);
                    lost++;
                    assertThat(degraded.poll(GENEROUS_SECONDS, TimeUnit.SECONDS))
                            .contains("space");
                    break;
                }
            }
            assertThat(kept).hasSizeGreaterThan(200);
            assertThat(verifier()
                            .withAgent(() -> Optional.of(ledger.signed()))
                            .verify()
                            .findings())
                    .isEmpty();
            for (int i = 0; i < 5; i++) {
                lost += ledger.append(draft(i))
                        .handle((entry, failure) -> failure == null ? 0 : 1)
                        .join();
            }
            Files.delete(ballast);
            assertThat(recovered.poll(GENEROUS_SECONDS, TimeUnit.SECONDS)).isEqualTo(lost);
            kept.add(ledger.append(draft(0)).join());
        }
        assertThat(verify().findings()).isEmpty();
        LedgerReader reader = LedgerReader.of(disk.resolve("ledger"));
        List<Entry> gaps = new ArrayList<>();
        reader.search(EntryFilter.ALL.withKind("ledger.recovered"), gaps::add);
        assertThat(gaps).hasSize(1);
        assertThat(gaps.get(0).data()).containsEntry("lost", lost);
        kept.forEach(entry -> assertThat(reader.entry(entry.height())).isEqualTo(entry));
    }

    @Test
    void a_read_only_file_system_fails_opening_with_one_clear_line() throws IOException, InterruptedException {
        try (FileLedger ledger = FileLedger.open(options())) {
            ledger.append(draft(0)).join();
        }
        run("mount", "-o", "remount,ro", disk.toString());
        assertThat(verify().intact()).isTrue();
        LedgerException failure = catchThrowableOfType(LedgerException.class, () -> FileLedger.open(options()));
        assertThat(failure.reason()).isEqualTo(Reason.IO);
        assertThat(failure).hasMessageContaining("Read-only file system");
        run("mount", "-o", "remount,rw", disk.toString());
        try (FileLedger ledger = FileLedger.open(options())) {
            assertThat(ledger.append(draft(1)).join().height()).isEqualTo(2);
        }
    }

    @Test
    void a_file_system_that_becomes_read_only_fails_appends_loudly_and_the_ledger_recovers_by_itself()
            throws IOException, InterruptedException {
        String dir = disk.resolve("ledger").toString();
        try (FileLedger ledger = FileLedger.open(options())) {
            ledger.append(draft(0)).join();
            // Files that are open stay writable; the next segment cannot be begun.
            run("mount", "--bind", dir, dir);
            // Busy while the ledger has a file open there that it opened after the bind mount, such as its checkpoint.
            Process remount = started("mount", "-o", "remount,bind,ro", dir);
            while (remount.waitFor() == BUSY) {
                remount = started("mount", "-o", "remount,bind,ro", dir);
            }
            assertThat(remount.exitValue()).isZero();
            long lost = 0;
            while (degraded.isEmpty()) {
                lost += ledger.append(draft(1))
                        .handle((entry, failure) -> failure == null ? 0 : 1)
                        .join();
            }
            assertThat(degraded.poll(GENEROUS_SECONDS, TimeUnit.SECONDS)).contains("Read-only file system");
            lost += ledger.append(draft(2))
                    .handle((entry, failure) -> {
                        assertThat(failure).hasMessageContaining("Read-only file system");
                        return 1;
                    })
                    .join();
            run("umount", dir);
            // What says that it has recovered may find room in the present segment, more than once, when a fact does
            // not.
            long reported = 0;
            while (reported < lost) {
                Long more = recovered.poll(GENEROUS_SECONDS, TimeUnit.SECONDS);
                assertThat(more).isNotNull();
                reported += more;
            }
            assertThat(reported).isEqualTo(lost);
            assertThat(ledger.append(draft(3)).join().height()).isGreaterThan(2);
        }
        assertThat(verify().findings()).isEmpty();
    }
}
