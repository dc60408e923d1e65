// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.LedgerEvent.LedgerDegraded;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.cluster.entries.EntryPuller;
import org.opdbus.verticles.cluster.entries.EntryServer;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.cluster.wire.Message;
import org.opdbus.verticles.cluster.wire.PeerEvent;
import org.opdbus.verticles.cluster.wire.Wire;

/**
 * Carries thousands of facts of one host to another, on a wire that loses, duplicates and reorders messages, while
 * both ends restart. The seed is printed; {@code -Dseed=N} replays it.
 *
 * <p>Each run of the receiver gets each entry once, in order and without a gap, from the height on that the run before
 * saved. Live facts come at most once.
 */
class ExactlyOnceTest {
    private static final int ROUNDS = 1_500;
    private static final int LATE_MAX = 200;

    @TempDir
    Path folder;

    private final long seed = Long.getLong("seed", new Random().nextInt(1_000_000));
    private final Random chance = new Random(seed);
    private final PriorityQueue<Letter> wire =
            new PriorityQueue<>(Comparator.comparingLong(Letter::due).thenComparingLong(Letter::number));
    private final PeerWarnings warnings = new PeerWarnings(System::nanoTime);
    /** What each run of the receiver got, and the height where it began. */
    private final List<Run> runs = new ArrayList<>();

    private final Map<String, Integer> liveOnes = new HashMap<>();

    private Path dir;
    private FileLedger ledger;
    private EntryServer server;
    private LiveFacts live;
    private EntryPuller puller;
    private PeerRuns order;
    private Map<String, EntryPuller.Position> saved = Map.of();
    private long run = 1;
    private long base;
    private long heads;
    private long numbers;
    private long clock;
    private long letters;
    private int lossPercent;
    private Optional<Buffer> stored = Optional.empty();

    private record Run(long after, List<Entry> entries) {}

    private record Letter(long due, long number, boolean toReceiver, Buffer bytes) {}

    @BeforeEach
    void open() throws IOException {
        dir = Files.createDirectories(folder.resolve("ledger"));
        beginSender();
        beginReceiver();
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void every_recorded_fact_is_published_exactly_once_and_every_other_at_most_once() {
        System.out.println("ExactlyOnceTest seed=" + seed);
        pass(20);
        lossPercent = 30;
        for (int round = 0; round < ROUNDS; round++) {
            int burst = chance.nextInt(40) == 0 ? 200 : chance.nextInt(4);
            for (int i = 0; i < burst; i++) {
                happen();
            }
            if (chance.nextInt(200) == 0) {
                ledger.close();
                beginSender();
            }
            if (chance.nextInt(50) == 0) {
                saved = puller.positions();
            }
            if (chance.nextInt(200) == 0) {
                if (chance.nextBoolean()) {
                    // It ends by itself, so it saves where it is.
                    saved = puller.positions();
                }
                beginReceiver();
            }
            pass(1);
        }
        lossPercent = 0;
        pass(1_000);
        assertThat(puller.isCaughtUp("a")).as("seed %d", seed).isTrue();
        check();
    }

    private void beginSender() {
        ledger = FileLedger.open(LedgerOptions.of(dir, "a"));
        base = height();
        run++;
        heads = 0;
        server = new EntryServer(
                "a", dir, this::height, (host, message) -> post(true, message), Runnable::run, warnings);
        live = new LiveFacts("a");
    }

    private void beginReceiver() {
        List<Entry> entries = new ArrayList<>();
        runs.add(new Run(
                Optional.ofNullable(saved.get("a"))
                        .map(EntryPuller.Position::height)
                        .orElse(-1L),
                entries));
        puller = new EntryPuller("b", event -> entries.add(((PeerEvent.Recorded) event).entry()), chance);
        puller.restore(saved);
        order = new PeerRuns(warnings);
        // A store shows the last head that reached it, which may be of an earlier run. An agent does not start so fast
        // that it still hears what was on its way before.
        stored.ifPresent(head -> wire.add(new Letter(clock + LATE_MAX, letters++, true, head)));
    }

    private long height() {
        return ledger.head().map(head -> head.height()).orElse(0L);
    }

    private void happen() {
        numbers++;
        if (chance.nextInt(3) == 0) {
            assertThat(live.append(new LedgerDegraded("number " + numbers), Instant.EPOCH))
                    .isTrue();
        } else {
            String text = "number " + numbers + (chance.nextInt(10) == 0 ? " ".repeat(9_000) : "");
            Entry entry = ledger.append(new Draft("test", "100", Map.of("reason", text)))
                    .join();
            if (chance.nextBoolean()) {
                // As on a stream, where it comes without a question, and can overtake the head of its run.
                post(true, new Message.Entries("a", entry.height(), List.of(entry.line())));
            }
        }
    }

    /** Advances time by this many steps of 20 ms. */
    private void pass(int steps) {
        for (int i = 0; i < steps; i++) {
            clock += 20;
            live.next(run).ifPresent(facts -> post(true, facts));
            if (clock % 500 == 0 || heads == 0) {
                Message.LedgerHead head = new Message.LedgerHead("a", run, ++heads, base, height(), "1", "", "", 0, 0);
                post(true, head);
                stored = chance.nextBoolean() ? Optional.of(Wire.write(head, "pve2")) : stored;
            }
            puller.ask(clock).values().forEach(ask -> post(false, ask));
            while (!wire.isEmpty() && wire.peek().due() <= clock) {
                Letter letter = wire.poll();
                take(Wire.read(letter.bytes()).orElseThrow());
            }
        }
    }

    private void take(Message message) {
        if (message instanceof Message.AskEntries ask) {
            server.ask(ask);
        } else if (message instanceof Message.Entries entries) {
            puller.entries(entries, clock).ifPresent(ask -> post(false, ask));
        } else if (message instanceof Message.LiveFacts facts) {
            order.news(facts).forEach(fact -> liveOnes.merge(fact.data().getString("reason"), 1, Integer::sum));
        } else if (message instanceof Message.LedgerHead head && order.isNews(head)) {
            puller.head(head, clock).ifPresent(ask -> post(false, ask));
        }
    }

    private void post(boolean toReceiver, Message message) {
        int copies = chance.nextInt(100) < lossPercent ? 0 : chance.nextInt(100) < lossPercent / 2 ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            long delay = lossPercent == 0 ? 1 : 1 + chance.nextInt(LATE_MAX);
            wire.add(new Letter(clock + delay, letters++, toReceiver, Wire.write(message, "pve2")));
        }
    }

    private void check() {
        List<Entry> written = new ArrayList<>();
        LedgerReader.of(dir).from(1, written::add);
        for (Run each : runs) {
            if (each.entries().isEmpty()) {
                continue;
            }
            long first = each.entries().get(0).height();
            assertThat(first)
                    .as("where a run begins, seed %d", seed)
                    .isEqualTo(each.after() < 0 ? first : each.after() + 1);
            assertThat(each.entries())
                    .as("what a run got, seed %d", seed)
                    .isEqualTo(written.subList(
                            (int) first - 1, (int) first - 1 + each.entries().size()));
        }
        Run last = runs.get(runs.size() - 1);
        long reached = last.entries().isEmpty()
                ? last.after()
                : last.entries().get(last.entries().size() - 1).height();
        System.out.println("ExactlyOnceTest entries=" + written.size() + " live=" + liveOnes.size() + " runs=" + run
                + " and " + runs.size());
        assertThat(reached).as("seed %d", seed).isEqualTo(written.size());
        assertThat(written).as("seed %d", seed).hasSizeGreaterThan(2_000);
        assertThat(liveOnes.values())
                .as("seed %d", seed)
                .hasSizeGreaterThan(500)
                .containsOnly(1);
    }
}
