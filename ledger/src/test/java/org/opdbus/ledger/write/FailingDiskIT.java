// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.write;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.LedgerListener;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.VerifierKey;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.ledger.verify.Verifier;

/**
 * A real disk that takes what is written and fails to keep it: a loop device whose backing store has less room than it
 * says. Such a failure shows in fdatasync alone, once, and afterwards the kernel takes the lost pages for clean.
 */
final class FailingDiskIT {
    private static final long GENEROUS_SECONDS = 60;

    @TempDir
    Path temp;

    private final BlockingQueue<String> degraded = new LinkedBlockingQueue<>();
    private final BlockingQueue<Long> recovered = new LinkedBlockingQueue<>();
    private Path store;
    private Path image;
    private Path disk;

    @BeforeEach
    void mount() throws IOException, InterruptedException {
        store = Files.createDirectory(temp.resolve("store"));
        disk = Files.createDirectory(temp.resolve("disk"));
        run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", store.toString());
        image = store.resolve("image");
        run("truncate", "-s", "8m", image.toString());
        run("mke2fs", "-q", "-F", "-t", "ext2", image.toString());
        run("mount", "-o", "loop", image.toString(), disk.toString());
    }

    @AfterEach
    void unmount() throws IOException, InterruptedException {
        run("umount", disk.toString());
        run("umount", store.toString());
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        assertThat(process.waitFor()).as(String.join(" ", command)).isZero();
    }

    private LedgerOptions options() {
        return LedgerOptions.of(disk.resolve("ledger"), "host1")
                .withKeyFile(temp.resolve("host.key"))
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

    @Test
    void what_a_sync_fails_to_keep_is_never_acknowledged_and_is_written_anew_when_the_disk_is_well()
            throws IOException, InterruptedException {
        List<Entry> kept = new ArrayList<>();
        long lost = 0;
        try (FileLedger ledger = FileLedger.open(options())) {
            for (int i = 0; lost == 0; i++) {
                try {
                    kept.add(ledger.append(draft(i)).join());
                } catch (CompletionException e) {
                    assertThat(e.getCause())
                            .isInstanceOf(LedgerException.class)
                            .hasMessageMatching("(?s).*(No space left on device|Input/output error).*");
                    lost++;
                }
            }
            assertThat(degraded.poll(GENEROUS_SECONDS, TimeUnit.SECONDS)).contains("cannot be written");
            assertThat(kept).hasSizeGreaterThan(100);
            run("mount", "-o", "remount,size=16m", store.toString());
            assertThat(recovered.poll(GENEROUS_SECONDS, TimeUnit.SECONDS)).isEqualTo(lost);
            kept.add(ledger.append(draft(0)).join());
        }

        // Only what is really on the device survives this.
        run("umount", disk.toString());
        run("mount", "-o", "loop", image.toString(), disk.toString());
        Path ledger = disk.resolve("ledger");
        assertThat(Verifier.of(ledger)
                        .withKey(VerifierKey.read(temp.resolve("host.pub")))
                        .verify()
                        .findings())
                .isEmpty();
        LedgerReader reader = LedgerReader.of(ledger);
        kept.forEach(entry -> assertThat(reader.entry(entry.height())).isEqualTo(entry));
    }
}
