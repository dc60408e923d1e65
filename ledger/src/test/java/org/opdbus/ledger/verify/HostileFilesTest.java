// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.LedgerDirectory;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.SampleLedger;
import org.opdbus.ledger.VerifierKey;
import org.opdbus.ledger.read.EntryFilter;
import org.opdbus.ledger.read.LedgerFold;
import org.opdbus.ledger.read.LedgerFollower;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.ledger.write.FileLedger;

/** An attacker replaces a ledger's files: no reader and no writer hangs, runs out of memory, or follows a link. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HostileFilesTest {
    private static final long HUGE = 1L << 40;

    @TempDir
    Path temp;

    private SampleLedger sample;

    /** What can stand where a regular file is expected. */
    private interface Hostile {
        void at(Path file) throws IOException, InterruptedException;
    }

    @BeforeEach
    void write() {
        sample = SampleLedger.write(temp.resolve("host/ledger"), 150);
        assertThat(sample.segments()).hasSizeGreaterThan(2);
    }

    static void fifo(Path file) throws IOException, InterruptedException {
        Process made = new ProcessBuilder("mkfifo", file.toString()).inheritIO().start();
        assertThat(made.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(made.exitValue()).isZero();
    }

    private static void socket(Path file) throws IOException {
        // The path of a socket may have 107 characters only, and the file stays when the socket is closed.
        Path at = Files.createTempDirectory("s").resolve("s");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(at));
        }
        Files.move(at, file);
        Files.delete(at.getParent());
    }

    private Map<String, Hostile> hostiles() {
        Map<String, Hostile> hostiles = new LinkedHashMap<>();
        hostiles.put("it is a FIFO", HostileFilesTest::fifo);
        hostiles.put("it is a socket", HostileFilesTest::socket);
        hostiles.put("it is a directory", Files::createDirectory);
        hostiles.put("it is a symbolic link", file -> Files.createSymbolicLink(file, Path.of("/dev/zero")));
        return hostiles;
    }

    private static void replace(Path file, Hostile hostile) throws IOException, InterruptedException {
        Files.deleteIfExists(file);
        hostile.at(file);
    }

    @Test
    void a_segment_that_is_no_regular_file_is_damage_to_every_reader() throws Exception {
        Path last = sample.segments().get(sample.segments().size() - 1).file();
        long first = sample.segments().get(sample.segments().size() - 1).first();
        for (Map.Entry<String, Hostile> each : hostiles().entrySet()) {
            replace(last, each.getValue());
            Finding finding = sample.verify().findings().get(0);
            assertThat(finding.verdict()).isEqualTo(Verification.Verdict.DAMAGED);
            assertThat(finding.height()).isEqualTo(first);
            assertThat(finding.toString()).contains(last.toString(), each.getKey());
            LedgerReader reader = LedgerReader.of(sample.dir);
            for (ThrowingCallable read : List.<ThrowingCallable>of(
                    reader::last,
                    () -> reader.entry(150),
                    () -> reader.find("ffff"),
                    () -> reader.export(EntryFilter.ALL, OutputStream.nullOutputStream()),
                    () -> reader.from(1, entry -> {}),
                    () -> follow(reader),
                    () -> LedgerProver.of(sample.dir).inclusion(1),
                    () -> FileLedger.open(sample.options()).close())) {
                assertThatThrownBy(read)
                        .isInstanceOfSatisfying(
                                LedgerException.class,
                                e -> assertThat(e.reason()).isEqualTo(LedgerException.Reason.DAMAGED))
                        .hasMessageContaining(last.toString())
                        .hasMessageContaining(each.getKey());
            }
        }
    }

    private static void follow(LedgerReader reader) throws InterruptedException {
        try (LedgerFollower follower = reader.follow(0)) {
            while (follower.next(java.time.Duration.ZERO).isPresent()) {
                // Until the last segment.
            }
        }
    }

    @Test
    void a_symbolic_link_to_the_genuine_segment_is_refused_too() throws IOException {
        Path segment = sample.segments().get(1).file();
        Path elsewhere = Files.move(segment, temp.resolve("elsewhere"));
        Files.createSymbolicLink(segment, elsewhere);
        assertThat(sample.verify().findings().get(0).toString())
                .contains("damaged: entry ", segment.toString(), "it is a symbolic link");
    }

    @Test
    void a_segment_too_many_is_found_whatever_it_is() throws Exception {
        for (Map.Entry<String, Hostile> each : hostiles().entrySet()) {
            Path extra = new LedgerDirectory(sample.dir).segment(151).file();
            replace(extra, each.getValue());
            assertThat(sample.verify().findings().get(0).toString()).contains(extra.toString(), each.getKey());
        }
    }

    @Test
    void a_checkpoint_that_is_no_regular_file_or_has_no_end_signs_nothing() throws Exception {
        Map<String, Hostile> all = hostiles();
        all.put("65536 bytes", file -> sparse(file, HUGE));
        for (Map.Entry<String, Hostile> each : all.entrySet()) {
            replace(sample.checkpoint(), each.getValue());
            if (each.getKey().endsWith("bytes")) {
                assertThatThrownBy(sample::verify).hasMessageContaining(each.getKey());
            } else {
                Finding finding = sample.verify().findings().get(0);
                assertThat(finding.verdict()).isEqualTo(Verification.Verdict.UNSIGNED);
                assertThat(finding.toString()).contains(each.getKey());
            }
            assertThatThrownBy(() -> LedgerProver.of(sample.dir).inclusion(1)).isInstanceOf(LedgerException.class);
            assertThatThrownBy(() -> FileLedger.open(sample.options()))
                    .isInstanceOf(LedgerException.class)
                    .hasMessageContaining(each.getKey());
        }
    }

    private static void sparse(Path file, long bytes) throws IOException {
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(bytes);
        }
    }

    @Test
    void a_segment_or_a_leaves_file_of_a_tebibyte_is_no_danger() throws IOException {
        LedgerDirectory directory = new LedgerDirectory(sample.dir);
        List<LedgerDirectory.Segment> segments = sample.segments();
        LedgerDirectory.Segment last = segments.get(segments.size() - 1);
        sparse(directory.leaves(last.first()), HUGE);
        assertThat(sample.verify().findings()).isEmpty();
        FileLedger.open(sample.options()).close();
        assertThat(Files.size(directory.leaves(last.first()))).isLessThan(10_000);
        sparse(last.file(), HUGE);
        assertThat(sample.verify().findings().get(0).toString()).contains("entry 151, " + last.file());
    }

    @Test
    void a_leaves_file_that_is_no_regular_file_is_noticed_and_made_anew() throws Exception {
        for (Hostile each : hostiles().values()) {
            List<LedgerDirectory.Segment> segments = sample.segments();
            Path leaves = new LedgerDirectory(sample.dir)
                    .leaves(segments.get(segments.size() - 1).first());
            replace(leaves, each);
            Verification verification = sample.verify();
            assertThat(verification.findings()).isEmpty();
            assertThat(verification.notices()).singleElement().asString().contains(leaves.toString());
            sample.append(1);
            assertThat(Files.isRegularFile(leaves, java.nio.file.LinkOption.NOFOLLOW_LINKS))
                    .isTrue();
            assertThat(sample.verify().notices()).isEmpty();
        }
    }

    @Test
    void a_writer_is_led_to_no_other_file() throws Exception {
        Path victim = Files.writeString(temp.resolve("victim"), "precious");
        List<Path> names = new ArrayList<>(List.of(sample.dir.resolve("checkpoint.new")));
        List<LedgerDirectory.Segment> segments = sample.segments();
        names.add(new LedgerDirectory(sample.dir)
                .leaves(segments.get(segments.size() - 1).first()));
        for (Path name : names) {
            replace(name, file -> Files.createSymbolicLink(file, victim));
            sample.append(1);
            assertThat(Files.readString(victim)).isEqualTo("precious");
        }
        replace(sample.dir.resolve("lock"), file -> Files.createSymbolicLink(file, victim));
        assertThatThrownBy(() -> FileLedger.open(sample.options())).isInstanceOf(LedgerException.class);
        assertThat(Files.readString(victim)).isEqualTo("precious");
        replace(sample.dir.resolve("lock"), HostileFilesTest::fifo);
        assertThatThrownBy(() -> FileLedger.open(sample.options())).isInstanceOf(LedgerException.class);
    }

    @Test
    void what_a_fold_remembers_is_read_from_a_regular_file_only() throws Exception {
        Path remembered = temp.resolve("remembered");
        for (Hostile each : hostiles().values()) {
            replace(remembered, each);
            Counting fold = LedgerFold.of(sample.dir, remembered).read(Counting::new);
            assertThat(fold.entries).isEqualTo(150);
        }
    }

    private static final class Counting implements LedgerFold.Fold {
        private int entries;

        @Override
        public void add(Entry entry) {
            entries++;
        }

        @Override
        public List<Entry> remaining() {
            return List.of();
        }
    }

    @Test
    void a_public_key_without_an_end_is_refused() {
        assertThatThrownBy(() -> VerifierKey.read(Path.of("/dev/zero"))).hasMessageContaining("4096 bytes");
    }

    @Test
    void names_that_steer_a_terminal_are_escaped_in_whatever_is_said() throws IOException {
        Path evil = temp.resolve("a\u001b[2J\u202e\n\u009bb");
        SampleLedger copy = sample.copyTo(evil.resolve("ledger"));
        Files.writeString(copy.segments().get(0).file(), "x\n");
        assertThat(copy.verify().findings().get(0).toString())
                .contains("a\\u001b[2J\\u202e\\u000a\\u009bb")
                .doesNotContainPattern("[\\p{Cc}\\p{Cf}]");
        Files.writeString(copy.dir.resolve("\u001b]0;x\u0007.jsonl"), "");
        assertThatThrownBy(copy::verify)
                .hasMessageContaining("\\u001b]0;x\\u0007.jsonl in it is not a ledger's file")
                .message()
                .doesNotContainPattern("[\\p{Cc}\\p{Cf}]");
    }
}
