// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.AgentEvent.AgentStopping;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;

/**
 * Sends thousands of facts of one host to another, on a wire that loses, duplicates and reorders messages. The memory
 * of the sender overflows in number and in bytes, its ledger lags and swaps neighbours, and both ends restart. The
 * seed is printed; {@code -Dseed=N} replays it.
 *
 * <p>Each run of the receiver publishes each fact once. The next run may repeat facts that the former one published
 * just before its end and did not know to be on disk. A fact that both leave out would be lost; none is.
 */
class ExactlyOnceTest {
    private static final int ROUNDS = 1_200;
    private static final int WINDOW = 64;
    private static final int BYTES = 64 * 1024;

    @TempDir
    Path folder;

    private final long seed = Long.getLong("seed", new Random().nextInt(1_000_000));
    private final Random chance = new Random(seed);
    private final PriorityQueue<Letter> wire =
            new PriorityQueue<>(Comparator.comparingLong(Letter::due).thenComparingLong(Letter::number));
    /** What each run of the receiver published. */
    private final List<List<Told>> told = new ArrayList<>();

    /** The height of each kept fact, by its stamp. */
    private final Map<String, Long> kept = new HashMap<>();

    private final Map<Long, String> stamps = new HashMap<>();
    /** Facts that are not on disk yet, in order. */
    private final List<Waiting> waiting = new ArrayList<>();

    private FileLedger ledger;
    private OwnLedger own;
    private Outbox outbox;
    private Siblings sender;
    private Siblings receiver;
    private long epoch = 1;
    private long sequence;
    private long height;
    private long beat;
    private long clock;
    private long letters;
    private int lossPercent = 30;

    private record Waiting(Event fact, String stamp) {}

    private record Letter(long due, long number, boolean toReceiver, Buffer bytes) {}

    @BeforeEach
    void open() throws IOException {
        Path dir = Files.createDirectories(folder.resolve("ledger"));
        ledger = FileLedger.open(LedgerOptions.of(dir, "a"));
        own = new OwnLedger(dir);
        receiver = receiver(Map.of());
        outbox = new Outbox("a", epoch, height, WINDOW, BYTES);
        sender = sender();
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void every_fact_is_published_exactly_once() {
        System.out.println("ExactlyOnceTest seed=" + seed);
        lossPercent = 0;
        pass(20);
        lossPercent = 30;
        for (int round = 0; round < ROUNDS; round++) {
            int burst = chance.nextInt(40) == 0 ? 3 * WINDOW : chance.nextInt(4);
            for (int i = 0; i < burst; i++) {
                happen();
            }
            if (chance.nextInt(3) == 0) {
                commit();
            }
            if (chance.nextInt(200) == 0) {
                commit();
                beginAnew();
            }
            if (chance.nextInt(200) == 0) {
                receiver = receiver(receiver.positions());
            }
            pass(1);
        }
        commit();
        lossPercent = 0;
        pass(3_000);
        assertThat(receiver.isCaughtUp("a")).as("seed %d", seed).isTrue();
        check();
    }

    /** Starts a new run of the receiver. */
    private Siblings receiver(Map<String, Inbox.Position> known) {
        List<Told> heard = new ArrayList<>();
        told.add(heard);
        return new Siblings("b", new Outbox("b", 1, 0, 8), own, mail(false), heard::add, chance, known);
    }

    /** Starts a new run of the sender: facts that were not sent are in its ledger only. */
    private void beginAnew() {
        epoch++;
        sequence = 0;
        beat = 0;
        outbox = new Outbox("a", epoch, height, WINDOW, BYTES);
        sender = sender();
    }

    private Siblings sender() {
        return new Siblings("a", outbox, own, mail(true), t -> {}, chance, Map.of());
    }

    private void happen() {
        sequence++;
        if (chance.nextInt(3) == 0) {
            outbox.append(new SourceListed(Source.NETLINK, 1), Instant.EPOCH);
            return;
        }
        // A few are equal, and some are large.
        String reason = chance.nextInt(10) == 0 ? "the same" : "reason " + epoch + "/" + sequence;
        Event fact = new AgentStopping("a", chance.nextInt(10) == 0 ? reason + " ".repeat(9_000) : reason);
        outbox.append(fact, Instant.EPOCH);
        waiting.add(new Waiting(fact, epoch + "/" + sequence));
    }

    /** Everything that waits gets on disk, sometimes in another order, and the bus reports it. */
    private void commit() {
        List<Waiting> facts = new ArrayList<>(waiting);
        for (int i = 0; i + 1 < facts.size(); i += 2) {
            // Of two equal facts it is unknown which one was published.
            if (chance.nextInt(5) == 0
                    && !facts.get(i).fact().equals(facts.get(i + 1).fact())) {
                Collections.swap(facts, i, i + 1);
            }
        }
        List<CompletableFuture<Entry>> entries = facts.stream()
                .map(Waiting::fact)
                .map(fact -> ledger.append(new Draft(fact.kind(), fact.subject(), fact.data()))
                        .toCompletableFuture())
                .toList();
        for (int i = 0; i < facts.size(); i++) {
            Event fact = facts.get(i).fact();
            Entry entry = entries.get(i).join();
            height = entry.height();
            String stamp = facts.get(i).stamp();
            kept.put(stamp, height);
            stamps.put(height, stamp);
            sequence++;
            outbox.append(new EntryCommitted(height, entry.hash(), fact), Instant.EPOCH);
        }
        waiting.clear();
    }

    /** Advances time by this many steps of 20 ms. */
    private void pass(int steps) {
        for (int i = 0; i < steps; i++) {
            clock += 20;
            while (chance.nextInt(3) == 0 && sender.send()) {
                // One message each time.
            }
            if (clock % 500 == 0 || beat == 0) {
                mail(true).toAll(outbox.heartbeat(++beat, "1", "", ""));
            }
            receiver.ask(clock);
            while (!wire.isEmpty() && wire.peek().due() <= clock) {
                Letter letter = wire.poll();
                (letter.toReceiver() ? receiver : sender)
                        .receive(Wire.read(letter.bytes()).orElseThrow());
            }
        }
    }

    private Siblings.Mail mail(boolean toReceiver) {
        return new Siblings.Mail() {
            @Override
            public void toAll(Message message) {
                post(toReceiver, Wire.write(message));
            }

            @Override
            public void to(String host, Message message) {
                post(toReceiver, Wire.write(message));
            }
        };
    }

    private void post(boolean toReceiver, Buffer bytes) {
        int copies = chance.nextInt(100) < lossPercent ? 0 : chance.nextInt(100) < lossPercent / 2 ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            long delay = lossPercent == 0 ? 1 : 1 + chance.nextInt(200);
            wire.add(new Letter(clock + delay, letters++, toReceiver, bytes));
        }
    }

    private void check() {
        Set<String> ever = new HashSet<>();
        List<String> twice = new ArrayList<>();
        long filled = 0;
        for (List<Told> run : told) {
            Set<String> once = new HashSet<>();
            for (Told each : run) {
                String stamp = "";
                if (each instanceof Told.Live live) {
                    stamp = live.copy().epoch() + "/" + live.copy().sequence();
                } else if (each instanceof Told.Filled entry) {
                    filled++;
                    stamp = Optional.ofNullable(stamps.get(entry.entry().height()))
                            .orElseThrow();
                }
                if (!stamp.isEmpty() && !once.add(stamp)) {
                    twice.add(stamp + " of height " + kept.get(stamp));
                }
            }
            ever.addAll(once);
        }
        System.out.println("ExactlyOnceTest kept=" + kept.size() + " told=" + ever.size() + " filled=" + filled
                + " runs=" + epoch + " and " + told.size());
        assertThat(twice).as("told more than once, seed %d", seed).isEmpty();
        assertThat(kept.keySet())
                .as("kept and never told, seed %d", seed)
                .filteredOn(stamp -> !ever.contains(stamp))
                .isEmpty();
        assertThat(kept).as("seed %d", seed).hasSizeGreaterThan(1_000);
        assertThat(filled).as("from the ledger, seed %d", seed).isGreaterThan(100);
    }
}
