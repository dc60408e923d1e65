// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.SampleLedger;
import org.opdbus.ledger.write.FileLedger;

final class EntryPagesTest {
    private static final EntryPage.Limits TEN = new EntryPage.Limits(10, 1 << 20, 1 << 20);

    @TempDir
    Path temp;

    private static List<Long> heights(List<Entry> entries) {
        return entries.stream().map(Entry::height).toList();
    }

    private static List<Long> up(long from, long to) {
        return LongStream.rangeClosed(from, to).boxed().toList();
    }

    private static List<Long> down(long from, long to) {
        return LongStream.rangeClosed(0, from - to).mapToObj(i -> from - i).toList();
    }

    /** Follows the pages to their end. */
    private static List<Entry> allDown(EntryPages pages) {
        List<Entry> all = new ArrayList<>();
        OptionalLong next = OptionalLong.of(Long.MAX_VALUE);
        while (next.isPresent()) {
            EntryPage page = pages.before(next.getAsLong());
            all.addAll(page.entries());
            next = page.next();
        }
        return all;
    }

    private static List<Entry> allUp(EntryPages pages) {
        List<Entry> all = new ArrayList<>();
        OptionalLong next = OptionalLong.of(0);
        while (next.isPresent()) {
            EntryPage page = pages.after(next.getAsLong());
            all.addAll(page.entries());
            next = page.next();
        }
        return all;
    }

    @Test
    void pages_go_up_and_down_across_segments_and_end_at_the_ends() {
        SampleLedger sample = SampleLedger.write(temp.resolve("ledger"), 250);
        assertThat(sample.segments()).hasSizeGreaterThan(2);
        EntryPages pages = EntryPages.of(sample.dir, EntryFilter.ALL, TEN);
        assertThat(heights(pages.after(0).entries())).isEqualTo(up(1, 10));
        assertThat(pages.after(0).next()).hasValue(10);
        assertThat(heights(pages.after(240).entries())).isEqualTo(up(241, 250));
        assertThat(pages.after(240).next()).isEmpty();
        assertThat(pages.after(250).entries()).isEmpty();
        assertThat(heights(pages.before(Long.MAX_VALUE).entries())).isEqualTo(down(250, 241));
        assertThat(pages.before(Long.MAX_VALUE).next()).hasValue(241);
        assertThat(heights(pages.before(11).entries())).isEqualTo(down(10, 1));
        assertThat(pages.before(11).next()).isEmpty();
        assertThat(pages.before(1).entries()).isEmpty();
        assertThat(pages.before(0).entries()).isEmpty();
        for (long height = 0; height <= 251; height++) {
            assertThat(heights(pages.after(height).entries())).isEqualTo(up(height + 1, Math.min(250, height + 10)));
            assertThat(pages.entry(height).map(Entry::height).orElse(-1L))
                    .isEqualTo(height == 0 || height == 251 ? -1 : height);
            assertThat(heights(pages.before(height).entries())).isEqualTo(down(height - 1, Math.max(1, height - 10)));
        }
        assertThat(heights(allUp(pages))).isEqualTo(up(1, 250));
        assertThat(heights(allDown(pages))).isEqualTo(down(250, 1));
    }

    @Test
    void a_page_of_a_rare_kind_ends_by_what_was_read_and_the_next_goes_on() {
        SampleLedger sample = SampleLedger.write(temp.resolve("ledger"), 250);
        EntryPages pages =
                EntryPages.of(sample.dir, EntryFilter.ALL.withSubject("vi7"), new EntryPage.Limits(10, 2_000, 1 << 20));
        assertThat(pages.after(100).entries()).isEmpty();
        assertThat(pages.after(100).next()).isPresent();
        assertThat(heights(allUp(pages))).containsExactly(8L);
        assertThat(heights(allDown(pages))).containsExactly(8L);
        EntryPages small = EntryPages.of(sample.dir, EntryFilter.ALL, new EntryPage.Limits(100, 1 << 20, 1));
        assertThat(small.after(0).entries()).hasSize(1);
        assertThat(heights(allDown(small))).isEqualTo(down(250, 1));
    }

    @Test
    void lines_of_all_lengths_are_found() {
        Random random = new Random(7);
        try (FileLedger ledger = FileLedger.open(
                LedgerOptions.of(temp.resolve("ledger"), "host1").withSegmentBytesMax(3 << 20))) {
            List<CompletableFuture<Entry>> all = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                int length = random.nextInt(4) == 0 ? random.nextInt(240_000) : random.nextInt(2_000);
                all.add(ledger.append(new Draft("port.added", "vi" + i, Map.of("text", "x".repeat(length)))));
            }
            all.forEach(CompletableFuture::join);
        }
        EntryPages pages = EntryPages.of(temp.resolve("ledger"), EntryFilter.ALL, TEN);
        assertThat(heights(allUp(pages))).isEqualTo(up(1, 120));
        assertThat(heights(allDown(pages))).isEqualTo(down(120, 1));
        for (long height = 0; height <= 120; height++) {
            assertThat(pages.after(height).entries().stream().limit(1).map(Entry::height))
                    .isEqualTo(height < 120 ? List.of(height + 1) : List.of());
            assertThat(pages.before(height + 1).entries().stream().limit(1).map(Entry::height))
                    .isEqualTo(height > 0 ? List.of(height) : List.of());
        }
    }

    @Test
    void a_search_by_time_ends_a_day_past_it_but_not_at_a_step_of_the_clock() {
        AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2025-01-01T00:00:00Z"));
        try (FileLedger ledger = FileLedger.open(
                LedgerOptions.of(temp.resolve("ledger"), "host1").withClock(clock::get))) {
            List<CompletableFuture<Entry>> all = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) {
                all.add(ledger.append(new Draft("port.added", "vi" + i, Map.of("text", "x".repeat(200)))));
                if (i % 10 == 9) {
                    all.get(i).join();
                }
                clock.set(
                        i == 2_950
                                ? Instant.EPOCH
                                : Instant.parse("2025-01-01T00:00:00Z").plus(Duration.ofHours(i)));
            }
            all.forEach(CompletableFuture::join);
        }
        Instant since = Instant.parse("2025-01-01T00:00:00Z").plus(Duration.ofHours(2_900));
        EntryPage.Limits wide = new EntryPage.Limits(1_000, Long.MAX_VALUE, Long.MAX_VALUE);
        EntryPage late = EntryPages.of(temp.resolve("ledger"), EntryFilter.ALL.withSince(since), wide)
                .before(Long.MAX_VALUE);
        assertThat(late.entries())
                .hasSizeBetween(80, 120)
                .allMatch(entry -> !entry.time().isBefore(since));
        assertThat(late.next()).isEmpty();
        Instant until = Instant.parse("2025-01-01T00:00:00Z").plus(Duration.ofHours(100));
        EntryPage early = EntryPages.of(temp.resolve("ledger"), EntryFilter.ALL.withUntil(until), wide)
                .after(0);
        assertThat(early.entries()).hasSizeBetween(80, 120);
        assertThat(early.next()).isEmpty();
    }

    @Test
    void a_changed_line_of_a_page_is_told_and_pages_elsewhere_are_read() throws IOException {
        SampleLedger sample = SampleLedger.write(temp.resolve("ledger"), 250);
        Path file = sample.segments().get(1).file();
        long first = sample.segments().get(1).first();
        String text = Files.readString(file);
        Files.writeString(file, text.replaceFirst("\"subject\":\"vi", "\"subject\":\"wi"), StandardCharsets.UTF_8);
        EntryPages pages = EntryPages.of(sample.dir, EntryFilter.ALL, TEN);
        assertThatThrownBy(() -> pages.after(first - 1))
                .isInstanceOf(LedgerException.class)
                .hasMessageContaining("its hash does not match");
        assertThatThrownBy(() -> pages.before(first + 3)).isInstanceOf(LedgerException.class);
        assertThatThrownBy(() -> pages.entry(first)).isInstanceOf(LedgerException.class);
        assertThat(pages.entry(first - 1)).isPresent();
        assertThat(heights(pages.after(0).entries())).isEqualTo(up(1, 10));
        assertThat(pages.before(Long.MAX_VALUE).entries()).hasSize(10);
    }

    @Test
    void an_empty_ledger_has_one_empty_page_and_no_ledger_is_refused() {
        try (FileLedger ledger = FileLedger.open(LedgerOptions.of(temp.resolve("ledger"), "host1"))) {
            EntryPages pages = EntryPages.of(temp.resolve("ledger"), EntryFilter.ALL, TEN);
            assertThat(pages.after(0)).isEqualTo(new EntryPage(List.of(), OptionalLong.empty()));
            assertThat(pages.before(Long.MAX_VALUE)).isEqualTo(new EntryPage(List.of(), OptionalLong.empty()));
            assertThat(ledger.waiting()).isZero();
        }
        assertThatThrownBy(() -> EntryPages.of(temp.resolve("none"), EntryFilter.ALL, TEN))
                .isInstanceOf(LedgerException.class);
    }
}
